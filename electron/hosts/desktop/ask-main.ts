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

/** Asks the main process by messages; each question has a number, and its answer carries the same one. */
export function askMain(tell: (message: ToMain) => void): MainServices {
  const waiting = new Map<number, (answer: Answer) => void>();
  let nextId = 1;
  let isLasting = false;
  const ask = <T extends Answer['type']>(type: T, question: (id: number) => ToMain): Promise<Extract<Answer, { type: T }>> =>
    new Promise((resolve) => {
      const id = nextId++;
      waiting.set(id, (answer) => {
        if (answer.type === type) resolve(answer as Extract<Answer, { type: T }>);
      });
      tell(question(id));
    });
  const askSecret = async (question: (id: number) => ToMain): Promise<string | null> => {
    const answer = await ask('secret', question);
    ({ isLasting } = answer);
    return answer.value;
  };

  return {
    desktop: {
      chooseSaveFile: async (suggestedName) => (await ask('save-file', (id) => ({ type: 'choose-save-file', id, suggestedName }))).file,
      openExternal: async (url) => (await ask('opened', (id) => ({ type: 'open-external', id, url }))).done,
    },
    secrets: {
      get isLasting() {
        return isLasting;
      },
      get: (name) => askSecret((id) => ({ type: 'get-secret', id, name })),
      async set(name, value) {
        await askSecret((id) => ({ type: 'set-secret', id, name, value }));
      },
    },
    settle(answer) {
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    },
  };
}
