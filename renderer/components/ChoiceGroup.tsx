import type { ReactNode } from 'react';
import { useId } from 'react';
import css from './ChoiceGroup.module.css';

export interface Choice<T extends string> {
  value: T;
  label: ReactNode;
  hint?: ReactNode;
}

/** One of a few, as radio buttons. */
export function ChoiceGroup<T extends string>({ legend, choices, value, onChange }: { legend: string; choices: readonly Choice<T>[]; value: T; onChange: (value: T) => void }) {
  const name = useId();
  return (
    <fieldset className={css['choices']}>
      <legend className="field-label">{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input className="box" type="radio" name={name} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          <span>
            {choice.label}
            {choice.hint !== undefined && <small>{choice.hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
