import { useDialogs } from '../../../app/dialogs.tsx';
import { useBindCommands } from '../../../commands/store.tsx';
import { FilterTermsDialog } from './FilterTermsDialog.tsx';

/** Binds the command that shows what a filter may be made of. */
export function useFilterTerms(): void {
  const { open } = useDialogs();
  useBindCommands({ 'filter-terms': { run: () => open((close) => <FilterTermsDialog onClose={close} />) } });
}
