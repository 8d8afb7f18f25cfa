import { memo } from 'react';
import { useQueryCall } from '../../api/query-call.ts';
import { readOnlyReason } from '../../app/off-reasons.ts';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { useRedo, useUndo } from '../../app/use-undo.ts';
import { CommandButton } from '../../commands/CommandButton.tsx';
import { ButtonGroup } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { MenuButton, MenuGroup, MenuItem } from '../../components/Menu.tsx';
import { momentOf } from '../../words/dates.ts';

/** The button Undo, and beside it every step by its name, to be undone or done again whatever the filter shows. */
export const DecisionHistory = memo(function DecisionHistory() {
  const steps = useQueryCall('decision.steps', { limit: 40 }, { keepPrevious: true }).data?.steps.filter((step) => !step.isUndo) ?? [];
  const off = readOnlyReason(useInfo());
  const [undo, redo, now] = [useUndo(), useRedo(), useNow()];
  return (
    <ButtonGroup>
      {/* Its key stands in the status bar; words here would leave the search box too little room. */}
      <CommandButton id="undo" icon="stale">
        <span className="visually-hidden">Undo</span>
      </CommandButton>
      <MenuButton label="History of decisions" icon="down">
        <MenuGroup title="Decisions, newest first">
          {steps.length === 0 && (
            <MenuItem off="Decisions are listed here once they are made." onClick={() => undefined}>
              Nothing decided yet
            </MenuItem>
          )}
          {steps.map((step) => (
            <MenuItem key={step.undoId} icon={step.isUndone ? 'arrow-right' : 'stale'} off={off} onClick={() => (step.isUndone ? redo : undo)(step.undoId)}>
              {step.isUndone ? 'Redo' : 'Undo'}: <DataText text={step.label} />
              <small>
                <DataText text={step.actor} />, {momentOf(step.at, now)}
              </small>
            </MenuItem>
          ))}
        </MenuGroup>
      </MenuButton>
    </ButtonGroup>
  );
});
