import { whatIfSteps, type WhatIfProgress } from '../../../../shared/domain/what-if.ts';
import { Button } from '../../../components/Button.tsx';
import { Icon } from '../../../components/Icon.tsx';
import { whatIfCounts, whatIfShare, whatIfStepWords } from '../../../words/what-if.ts';
import stepsCss from '../../../components/EmptyState.module.css';

/** The steps of a running comparison with their counts, and Cancel. */
export function RunSteps({ progress, onCancel }: { progress: WhatIfProgress | null; onCancel: () => void }) {
  const current = progress ? whatIfSteps.indexOf(progress.step) : 0;
  const share = Math.round(whatIfShare(progress) * 100);
  return (
    <section className="stack-2" aria-label="Comparing">
      <div className="cluster">
        <h3>Comparing</h3>
        <span className="muted small">What you see stays as it is.</span>
        <span className="end">
          <Button size="small" label="Cancel comparing" onClick={onCancel}>
            Cancel
          </Button>
        </span>
      </div>
      <progress value={share} max={100} aria-label={`Progress of the comparison, ${share} %`} />
      <ol className={stepsCss['load-steps']}>
        {whatIfSteps.map((step, index) => (
          <li key={step}>
            <Icon name={index < current ? 'check-circle' : index === current ? 'half' : 'circle'} label={index < current ? 'Done' : index === current ? 'Running' : 'Waiting'} />
            <span>{whatIfStepWords[step]}</span>
            <span className="num muted small">{progress && index === current ? whatIfCounts(progress) : ''}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
