import type { Ref } from 'react';
import { rules as allRules } from '../../../../shared/domain/mapping.ts';
import { CommandButton } from '../../../commands/CommandButton.tsx';
import { ruleWords } from '../../../words.ts';
import type { PlanB } from './use-plan-b.ts';
import css from './WhatIf.module.css';

/** Says what plan B is: one field by another rule, or an edited text; and runs it. */
export function PlanChoice({ plan, runButton }: { plan: PlanB; runButton: Ref<HTMLButtonElement> }) {
  const isText = plan.draft !== null && 'view' in plan.draft;
  const choose = (value: string) => {
    if (value === 'text') plan.chooseText();
    else if (value === '') plan.clear();
    else plan.chooseField(value);
  };
  return (
    <div className={css['choice']} role="group" aria-label="Plan B">
      <div className={css['sentence']}>
        <b className="strong nowrap">Plan B:</b>
        <select className={`input select ${css['field']}`} aria-label="Field" value={isText ? 'text' : (plan.field?.field ?? '')} onChange={(event) => choose(event.target.value)}>
          <option value="">Choose a field</option>
          {plan.text && <option value="text">Edited text of {plan.text.view}</option>}
          {plan.fields.map((field) => (
            <option key={field.field} value={field.field}>
              {field.label}
            </option>
          ))}
        </select>
        {!isText && (
          <>
            <span>by</span>
            <select className={`input select ${css['rule']}`} aria-label="Rule" value={plan.rule ?? ''} disabled={plan.field === null} onChange={(event) => plan.chooseRule(allRules.find((rule) => rule === event.target.value) ?? 'primary')}>
              {plan.field === null && <option value="">rule</option>}
              {plan.rules.map((rule) => (
                <option key={rule} value={rule}>
                  {ruleWords[rule]}
                  {rule === plan.field?.rule ? ' (as in plan A)' : ''}
                </option>
              ))}
            </select>
          </>
        )}
      </div>
      <div className="cluster">
        <CommandButton buttonRef={runButton} id="try-rule" icon="play" look="primary">
          Run
        </CommandButton>
        <CommandButton id="edit-plan-b" icon="edit" popup="dialog" />
      </div>
      <p className="muted small">Trying a rule changes no view. Deploying is done with the command line. Texts follow the primary; for any other rule, edit the text of the view.</p>
    </div>
  );
}
