import { useFailedSteps } from '../app/failed-steps.tsx';
import { Button } from '../components/Button.tsx';
import { FailureBanner } from '../components/Failure.tsx';
import { plural } from '../words.ts';

/** The newest step that failed, until it is tried again or dismissed; then the one before it. */
export function FailedStepBanner() {
  const { steps, dismiss } = useFailedSteps();
  const step = steps.at(-1);
  if (!step) return null;
  const { id, what, error, wayOn } = step;
  const goOn = () => {
    dismiss(id);
    wayOn?.run();
  };
  return (
    <FailureBanner
      what={what}
      error={error}
      onRetry={wayOn ? goOn : undefined}
      retryLabel={wayOn?.label}
      actions={
        <>
          {steps.length > 1 && <span className="muted small">{plural(steps.length - 1, 'more', 'more')} failed before it</span>}
          <Button icon="x" size="small" look="quiet" label="Dismiss the failure" onClick={() => dismiss(id)} />
        </>
      }
    />
  );
}
