import { memo, useState } from 'react';
import { densities, readDisplay, saveDisplay } from '../../app/display.ts';
import { MenuButton, MenuCheckItem, MenuChoice, MenuGroup, MenuItem, MenuLine } from '../../components/Menu.tsx';
import { densityWords } from '../../words.ts';
import { columns } from './columns.ts';
import type { ColumnsInUse } from './use-columns.ts';

/** Chooses the columns of the grid, and how high its rows are. */
export const ColumnMenu = memo(function ColumnMenu({ inUse }: { inUse: ColumnsInUse }) {
  const [display, setDisplay] = useState(readDisplay);
  return (
    <MenuButton label="Columns" icon="columns">
      <MenuGroup title="Columns">
        {columns.map(({ id, label }) => (
          <MenuCheckItem key={id} isChecked={inUse.shown.some((column) => column.id === id)} onChange={(isShown) => inUse.show(id, isShown)} off={id === 'name' ? 'Always shown: a row is called by it.' : null}>
            {label}
          </MenuCheckItem>
        ))}
      </MenuGroup>
      <MenuItem onClick={inUse.reset}>Show the usual columns</MenuItem>
      <MenuLine />
      <MenuChoice
        title="Density"
        value={display.density}
        choices={densities.map((density) => ({ value: density, label: densityWords[density] }))}
        onChange={(density) => {
          const next = { ...readDisplay(), density };
          saveDisplay(next);
          setDisplay(next);
        }}
      />
    </MenuButton>
  );
});
