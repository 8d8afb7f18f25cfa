import { Button } from '../../components/Button.tsx';
import { KeyCaps } from '../../components/KeyCaps.tsx';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { alreadyApproved, number, plural } from '../../words.ts';
import type { RowSelection } from './row-selection.ts';
import { countSelected } from './row-selection.ts';
import { useApprovedIn } from './use-approved-in.ts';
import { useFilter } from './use-filter.ts';
import css from './Review.module.css';

/** What is selected, with actions that state their number. Takes the place of the filter line. */
export function SelectionBar({ selection, total, onClear }: { selection: RowSelection; total: number; onClear: () => void }) {
  const count = countSelected(selection, total);
  const except = selection.isAll ? selection.marked.size : 0;
  const approvedInFilter = useApprovedIn(useFilter().list.filter, total);
  const approved = selection.isAll && except === 0 ? approvedInFilter : 0;
  const numbers = approved > 0 ? `${number(count - approved)} of ${number(count)}` : number(count);
  return (
    <div className={css['selection-bar']} role="group" aria-label="Selection">
      <b className="strong">{number(count)} selected</b>
      {selection.isAll && <span>{except === 0 ? 'all in this filter' : `all in this filter, except ${number(except)}`}</span>}
      {approved > 0 && <span>{alreadyApproved(approved)}</span>}
      <span className="end cluster">
        <CommandButton id="approve" size="small" look="primary" withKeys label={`Approve ${numbers} ${count === 1 ? 'record' : 'records'}`}>
          Approve {numbers}
        </CommandButton>
        <CommandButton id="hold" size="small" withKeys label={`Hold ${plural(count, 'record')}`}>
          Hold
        </CommandButton>
        <CommandButton id="exclude" size="small" withKeys label={`Exclude ${plural(count, 'record')}`}>
          Exclude
        </CommandButton>
        <Button size="small" look="quiet" onClick={onClear} keys={<KeyCaps keys="Escape" />}>
          Clear
        </Button>
      </span>
    </div>
  );
}
