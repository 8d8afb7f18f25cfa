import { useDialogs } from '../../../app/dialogs.tsx';
import { readOnlyReason } from '../../../app/off-reasons.ts';
import { useInfo } from '../../../app/use-info.ts';
import { useBindCommands } from '../../../commands/store.tsx';
import { SavedViewsDialog } from './SavedViewsDialog.tsx';
import { SaveViewDialog } from './SaveViewDialog.tsx';
import { viewAddress } from './view-address.ts';

/** Binds the commands for saved views on the Review screen. */
export function useSavedViews(): void {
  const { open } = useDialogs();
  const readOnly = readOnlyReason(useInfo());
  const save = () => {
    const address = viewAddress(`${window.location.pathname}${window.location.search}`);
    open((close) => <SaveViewDialog address={address} onClose={close} />);
  };
  useBindCommands({
    'saved-views': { run: () => open((close) => <SavedViewsDialog onClose={close} onSave={save} />) },
    'save-view': { run: save, off: readOnly },
  });
}
