import { AppFailure } from '../../core/app-failure.ts';
import type { Desktop } from '../../core/ports.ts';
import type { Secrets } from '../../core/warehouse-ports.ts';
import type { ToCore, ToMain } from './core-messages.ts';

type Answer = Extract<ToCore, { id: number }>;

/** What only the main process can do, as ports of the core. */
export interface MainServices {
  desktop: Desktop;
  /** `isLasting` is known after the first answer; until then it is false. */
  secrets: Secrets;
  /** Takes an answer of the main process. */
  settle(answer: Answer): void;
}

/**
 * Asks the main process by messages; each question has a number, and its answer carries the same one.
 *
 * Errors: `not-available-here` where the main process could not do what it was asked.
 */
export function askMain(tell: (message: ToMain) => void): MainServices {
  const waiting = new Map<number, (answer: Answer) => void>();
  let nextId = 1;
  let isLasting = false;
  const ask = <T extends Answer['type']>(type: T, question: (id: number) => ToMain, failure: string): Promise<Extract<Answer, { type: T }>> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, (answer) => {
        if (answer.type === type) resolve(answer as Extract<Answer, { type: T }>);
        else reject(new AppFailure('not-available-here', failure));
      });
      tell(question(id));
    });
  const askSecret = async (question: (id: number) => ToMain, failure: string): Promise<string | null> => {
    const answer = await ask('secret', question, failure);
    ({ isLasting } = answer);
    return answer.value;
  };

  return {
    desktop: {
      chooseSaveFile: async (suggestedName) => (await ask('save-file', (id) => ({ type: 'choose-save-file', id, suggestedName }), fileFailure)).file,
      openExternal: async (url) => (await ask('opened', (id) => ({ type: 'open-external', id, url }), pageFailure)).done,
    },
    secrets: {
      get isLasting() {
        return isLasting;
      },
      get: (name) => askSecret((id) => ({ type: 'get-secret', id, name }), readFailure(name)),
      async set(name, value) {
        await askSecret((id) => ({ type: 'set-secret', id, name, value }), value === null ? forgetFailure(name) : storeFailure(name));
      },
    },
    settle(answer) {
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    },
  };
}

const fileFailure = 'The window in which a place for the file is chosen could not be opened. Nothing was saved. Try again.';
const pageFailure = 'The page could not be opened in your browser. Nothing was changed. Try again.';

const whereKept = "secrets.json in Countersign's own data folder";

function readFailure(name: string): string {
  return `${labelOf(name)} could not be read from where this machine keeps it. It stays as it is. Try again; if that does not help, start Countersign anew.`;
}

function storeFailure(name: string): string {
  return `${labelOf(name)} could not be stored. What was stored before stays as it was. Make sure that you may write ${whereKept}, then try again.`;
}

function forgetFailure(name: string): string {
  return `${labelOf(name)} could not be forgotten. It is still stored on this machine and will be used again. Make sure that you may write ${whereKept}, or delete that file, then try again.`;
}

function labelOf(name: string): string {
  if (name.endsWith('.salesforce.refresh-token')) return 'The sign-in to Salesforce';
  return name.endsWith('.refresh-token') ? 'The sign-in to Databricks' : 'The token for Databricks';
}
