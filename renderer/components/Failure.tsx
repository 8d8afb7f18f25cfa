import type { ReactNode } from 'react';
import type { AppError } from '../../shared/errors.ts';
import { failureWords, isOfWarehouse, verbatimOf } from '../words/errors.ts';
import { Banner, Callout } from './Banner.tsx';
import { Button } from './Button.tsx';
import { Verbatim } from './Verbatim.tsx';
import css from './Banner.module.css';

function referenceOf(error: AppError): string | null {
  const reference = error.details['reference'];
  return typeof reference === 'string' ? reference : null;
}

function copyDetails(error: AppError): void {
  void navigator.clipboard.writeText(JSON.stringify(error, null, 2));
}

/** The core's sentence; what was said word for word stands below it, not in it a second time. */
function sentenceOf(error: AppError): string {
  const verbatim = verbatimOf(error);
  return verbatim === null ? error.message : error.message.replace(`${verbatim}.`, '…').replace(verbatim, '…');
}

function VerbatimOf({ error, ofWarehouse }: { error: AppError; ofWarehouse?: boolean | undefined }) {
  const verbatim = verbatimOf(error);
  return verbatim !== null && <Verbatim label={(ofWarehouse ?? isOfWarehouse(error)) ? 'What the warehouse said' : 'What Salesforce said'} text={verbatim} />;
}

/** A failure at the top of a region: what happened, what it means, and a way to try again. `what`: what is missing because of it. */
export function FailureBanner({ what, error, onRetry, retryLabel = 'Try again', actions }: { what: string; error: AppError; onRetry?: (() => void) | undefined; retryLabel?: string | undefined; actions?: ReactNode }) {
  const words = failureWords(error);
  const reference = referenceOf(error);
  return (
    <Banner
      severity={error.code === 'audit-not-writable' || error.code === 'verification-failed' ? 'blocker' : 'warning'}
      title={`${what}.`}
      actions={
        <>
          {onRetry && (
            <Button size="small" onClick={onRetry}>
              {retryLabel}
            </Button>
          )}
          <Button size="small" look="quiet" onClick={() => copyDetails(error)}>
            Copy details
          </Button>
          {actions}
        </>
      }
    >
      {error.code !== 'unexpected' && `${words.title}. `}
      {sentenceOf(error)} {words.meaning} {reference !== null && <span className="muted">Reference {reference}.</span>}
      <VerbatimOf error={error} />
    </Banner>
  );
}

/** A failure inside a dialog or a card. `what`: what is missing because of it; `ofWarehouse`: given where it can only be the warehouse that failed. */
export function FailureCallout({ what, error, ofWarehouse, onRetry }: { what?: string; error: AppError; ofWarehouse?: boolean; onRetry?: () => void }) {
  const words = failureWords(error, ofWarehouse);
  return (
    <div role="alert">
      <Callout severity="blocker">
        <b className="strong">{what ?? words.title}.</b> {what !== undefined && error.code !== 'unexpected' && `${words.title}. `}
        {sentenceOf(error)} {words.meaning}
        <VerbatimOf error={error} ofWarehouse={ofWarehouse} />
        {onRetry && (
          <p className={css['retry']}>
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
          </p>
        )}
      </Callout>
    </div>
  );
}
