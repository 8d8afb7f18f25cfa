import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { failureWords } from '../words/errors.ts';
import { useNotifications } from './notifications.tsx';

/** The way on from a step that failed. */
export interface WayOn {
  label: string;
  run: () => void;
}

/** A step that failed; it stays on screen until somebody has dealt with it. */
export interface FailedStep {
  id: number;
  /** What was not done, as a sentence without its full stop. */
  what: string;
  error: AppError;
  wayOn: WayOn | null;
}

interface FailedSteps {
  /** The oldest first. */
  steps: readonly FailedStep[];
  /** Shows and says that a step has failed; one that was cancelled is not told. */
  fail(what: string, error: AppError, wayOn?: WayOn | null): void;
  dismiss(id: number): void;
}

const FailedStepsContext = createContext<FailedSteps | null>(null);

/** Keeps the steps that failed, also for whoever has left their screen by then. */
export function FailedStepsProvider({ children }: { children: ReactNode }) {
  const { say } = useNotifications();
  const [steps, setSteps] = useState<readonly FailedStep[]>([]);
  const fail = useCallback<FailedSteps['fail']>(
    (what, error, wayOn = null) => {
      if (error.code === 'cancelled') return;
      const { title, meaning } = failureWords(error);
      say(`${what}. ${title}. ${error.message} ${meaning}`);
      setSteps((last) => [...last, { id: (last.at(-1)?.id ?? 0) + 1, what, error, wayOn }]);
    },
    [say],
  );
  const dismiss = useCallback((id: number) => setSteps((last) => last.filter((step) => step.id !== id)), []);
  const value = useMemo(() => ({ steps, fail, dismiss }), [steps, fail, dismiss]);
  return <FailedStepsContext value={value}>{children}</FailedStepsContext>;
}

/** Tells of steps that failed. */
export function useFailedSteps(): FailedSteps {
  const failedSteps = useContext(FailedStepsContext);
  if (!failedSteps) throw new Error('useFailedSteps needs a FailedStepsProvider');
  return failedSteps;
}
