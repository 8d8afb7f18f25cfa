import { salesforceLateEffectMs, type Org } from '../../core/org-ports.ts';

/** An open connection and whether it may still be used. */
export interface OrgLink {
  org: Org;
  /** Answers false when the org has to be looked for anew. */
  isAlive(): Promise<boolean>;
}

const trustMs = 5_000;

/**
 * An org that is connected at the first call, and again when the one before is gone.
 *
 * Shape:  `connect` is called once for calls that come together. A link that answered within the last five seconds is
 *         taken as alive; an older one is asked first.
 */
export function lazyOrg(connect: () => Promise<OrgLink>, elapsedMs: () => number): Org {
  let link: Promise<OrgLink> | null = null;
  let checkedAt = 0;
  let closed: ReturnType<Org['usage']> = { calls: 0, writeCalls: 0, dailyUsed: null, dailyLimit: null };
  let current: Org | null = null;

  const usageNow = (): ReturnType<Org['usage']> => {
    const now = current?.usage();
    if (!now) return closed;
    return { calls: closed.calls + now.calls, writeCalls: closed.writeCalls + now.writeCalls, dailyUsed: now.dailyUsed ?? closed.dailyUsed, dailyLimit: now.dailyLimit ?? closed.dailyLimit };
  };
  const connectAnew = async (): Promise<OrgLink> => {
    const made = await connect();
    current = made.org;
    checkedAt = elapsedMs();
    return made;
  };
  const leave = async (): Promise<void> => {
    closed = usageNow();
    const ending = current;
    current = null;
    link = null;
    await ending?.close();
  };
  const ready = async (): Promise<Org> => {
    if (link && elapsedMs() - checkedAt > trustMs) {
      const isAlive = await (await link).isAlive();
      checkedAt = elapsedMs();
      if (!isAlive) await leave();
    }
    const joining = (link ??= connectAnew());
    try {
      return (await joining).org;
    } catch (error) {
      if (link === joining) link = null;
      throw error;
    }
  };

  return {
    identity: async (signal) => (await ready()).identity(signal),
    describe: async (object, signal) => (await ready()).describe(object, signal),
    async *scan(request, signal) {
      yield* (await ready()).scan(request, signal);
    },
    countRecords: async (object, signal) => (await ready()).countRecords(object, signal),
    fingerprint: async (object, signal) => (await ready()).fingerprint(object, signal),
    readByKeys: async (request, signal) => (await ready()).readByKeys(request, signal),
    readByIds: async (request, signal) => (await ready()).readByIds(request, signal),
    insert: async (request, signal) => (await ready()).insert(request, signal),
    update: async (request, signal) => (await ready()).update(request, signal),
    insertStrict: async (request, signal) => (await ready()).insertStrict(request, signal),
    updateStrict: async (request, signal) => (await ready()).updateStrict(request, signal),
    bulk: {
      create: async (request, signal) => (await ready()).bulk.create(request, signal),
      upload: async (request, signal) => (await ready()).bulk.upload(request, signal),
      close: async (jobId, signal) => (await ready()).bulk.close(jobId, signal),
      abort: async (jobId, signal) => (await ready()).bulk.abort(jobId, signal),
      job: async (jobId, signal) => (await ready()).bulk.job(jobId, signal),
      async *results(jobId, signal) {
        yield* (await ready()).bulk.results(jobId, signal);
      },
    },
    now: () => current?.now() ?? null,
    get lateEffectMs() {
      return current?.lateEffectMs ?? salesforceLateEffectMs;
    },
    usage: usageNow,
    close: leave,
  };
}
