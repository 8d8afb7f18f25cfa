import { orAborted, SqlSession, type SqlAddress } from './sql-session.ts';

/** A session as one user has it. */
export interface Lease {
  readonly session: SqlSession;
  /** Nobody is to get this session any more; it ends with its last user. */
  leave(): void;
  /** This user is done. */
  release(): void;
}

interface Held {
  opening: Promise<SqlSession>;
  /** Gives up the opening once nobody waits for it. */
  abort: AbortController;
  users: number;
  isLeft: boolean;
}

/** Shares one session among all statements, and opens another when it has been left. */
export class SessionPool {
  readonly #address: SqlAddress;
  readonly #getToken: () => Promise<string>;
  readonly #answerMs: number;
  #current: Held | null = null;

  constructor(address: SqlAddress, getToken: () => Promise<string>, answerMs: number) {
    this.#address = address;
    this.#getToken = getToken;
    this.#answerMs = answerMs;
  }

  /** The session there is, or a new one. Errors: what opening it throws; a problem of kind `cancelled` as soon as the signal is aborted. */
  async lease(signal: AbortSignal): Promise<Lease> {
    const held = (this.#current ??= this.#open());
    held.users += 1;
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      held.users -= 1;
      if (held.users === 0 && held.isLeft) this.#end(held);
    };
    try {
      const session = await orAborted(held.opening, signal);
      return { session, release, leave: () => this.#leave(held) };
    } catch (error) {
      // A session that failed to open, or that nobody waits for any more, is of no use to the next one.
      if (!signal.aborted || held.users === 1) this.#leave(held);
      release();
      throw error;
    }
  }

  /** Ends the session, whoever uses it. */
  async close(): Promise<void> {
    const held = this.#current;
    if (held === null) return;
    this.#leave(held);
    held.abort.abort();
    await held.opening.then((session) => session.close(), () => {});
  }

  #open(): Held {
    const abort = new AbortController();
    const opening = SqlSession.open(this.#address, this.#getToken, this.#answerMs, abort.signal);
    // Everyone who waits hears of a failure; nobody has to.
    opening.catch(() => {});
    return { opening, abort, users: 0, isLeft: false };
  }

  #leave(held: Held): void {
    held.isLeft = true;
    if (this.#current === held) this.#current = null;
  }

  #end({ opening, abort }: Held): void {
    abort.abort();
    void opening.then((session) => session.close(), () => {});
  }
}
