import { CommandItems } from '../../commands/CommandItems.tsx';
import { MenuLine, PointMenu, type MenuPoint } from '../../components/Menu.tsx';

/** What can be done with the current record, or with those that are selected. */
export function RecordMenu({ at, onClose }: { at: MenuPoint; onClose: () => void }) {
  return (
    <PointMenu at={at} label="Record actions" onClose={onClose}>
      <CommandItems ids={['approve', 'hold', 'exclude']} icons={{ approve: 'check', hold: 'pause', exclude: 'x' }} />
      <MenuLine />
      <CommandItems ids={['flag', 'come-back', 'comment', 'leave-out', 'why']} icons={{ flag: 'flag', 'come-back': 'clock', comment: 'comment', 'leave-out': 'minus', why: 'question' }} />
      <MenuLine />
      <CommandItems ids={['same-change', 'select-all', 'copy-key', 'undo']} icons={{ 'same-change': 'filter', 'copy-key': 'copy', undo: 'stale' }} />
    </PointMenu>
  );
}
