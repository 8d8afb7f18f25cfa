import { useState } from 'react';
import { densities, readDisplay, saveDisplay, type Display } from '../../app/display.ts';
import { ChoiceGroup } from '../../components/ChoiceGroup.tsx';
import { Panel } from '../../components/Panel.tsx';
import { densityWords } from '../../words.ts';
import css from './Settings.module.css';

/** How the interface looks on this machine. */
export function DisplayPanel() {
  const [display, setDisplay] = useState(readDisplay);
  const change = (part: Partial<Display>) => {
    const next = { ...display, ...part };
    saveDisplay(next);
    setDisplay(next);
  };
  return (
    <Panel title="Display" meta="on this machine only">
      <div className={css['form']}>
        <ChoiceGroup
          legend="Theme"
          value={display.theme}
          onChange={(theme) => change({ theme })}
          choices={[
            { value: 'system', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
        <ChoiceGroup
          legend="Density"
          value={display.density}
          onChange={(density) => change({ density })}
          choices={densities.map((density) => ({ value: density, label: densityWords[density] }))}
        />
      </div>
    </Panel>
  );
}
