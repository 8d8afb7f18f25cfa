import type { AppInfo } from '../../shared/contract.ts';
import { useDialogs } from '../app/dialogs.tsx';
import { cutOffReason, readOnlyReason } from '../app/off-reasons.ts';
import { addressOf, goTo, screens } from '../app/place.ts';
import { useRefresh } from '../app/refresh.tsx';
import { useOnline } from '../app/use-online.ts';
import { useRedo, useUndo } from '../app/use-undo.ts';
import { KeySheet } from '../commands/KeySheet.tsx';
import { Palette } from '../commands/Palette.tsx';
import { useBindCommands, type CommandBinding, type CommandBindings } from '../commands/store.tsx';
import { NewBatchDialog } from './NewBatchDialog.tsx';
import { IdentityDialog } from './IdentityDialog.tsx';
import { PauseDialog, ResumePushesDialog } from './PauseDialogs.tsx';
import { SignPlanDialog } from './SignPlanDialog.tsx';
import { moveRegion } from './move-region.ts';

/** The commands that work everywhere. */
export function useFrameCommands(info: AppInfo | undefined): void {
  const { open } = useDialogs();
  const refresh = useRefresh();
  const undo = useUndo();
  const redo = useRedo();
  const isOnline = useOnline();
  const readOnly = readOnlyReason(info);
  const goToScreens = Object.fromEntries(screens.map((screen): [string, CommandBinding] => [screen, { run: () => goTo(addressOf(screen)) }])) as CommandBindings;
  useBindCommands({
    ...goToScreens,
    palette: { run: () => open((close) => <Palette onClose={close} />) },
    keys: { run: () => open((close) => <KeySheet onClose={close} />) },
    refresh: {
      run: refresh.start,
      off: readOnly ?? cutOffReason(info, isOnline) ?? (refresh.isRunning ? 'A refresh is running.' : null),
    },
    pause: { run: () => open((close) => <PauseDialog onClose={close} />), off: readOnly ?? (info?.paused ? 'Pushes are paused already.' : null) },
    'resume-pushes': { run: () => open((close) => <ResumePushesDialog onClose={close} />), off: readOnly ?? (info?.paused ? null : 'Pushes are not paused.') },
    undo: { run: () => undo(), off: readOnly },
    redo: { run: () => redo(), off: readOnly },
    'new-batch': { run: () => open((close) => <NewBatchDialog onClose={close} />), off: readOnly ?? (info?.snapshot ? null : 'Refresh the snapshot first.') },
    'sign-plan': { run: () => open((close) => <SignPlanDialog onClose={close} />), off: readOnly },
    'switch-identity': { run: () => open((close) => <IdentityDialog onClose={close} />) },
    'next-region': { run: () => moveRegion(1) },
    'previous-region': { run: () => moveRegion(-1) },
  });
}
