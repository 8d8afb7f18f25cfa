/** One thing a person can do: its words, its keys, and where it belongs. */
export interface CommandSpec {
  id: string;
  label: string;
  /** Bindings in the notation of tinykeys; the first is shown. */
  keys: readonly string[];
  where: 'everywhere' | 'review' | 'grids' | 'batches' | 'audit' | 'rules' | 'settings';
  /** Single letters that only count while focus is in a grid or an inspector. */
  isLetter?: boolean;
  /** The grid itself answers to the keys; the entry is for the overview of keys. */
  isHandledByGrid?: boolean;
  /** Shown in the status bar. */
  isHinted?: boolean;
  /** Of no use where nothing can be changed. */
  isWriting?: boolean;
}

/** Every command of the app. Buttons, palette, keys and the overview of keys are drawn from it. */
export const commandList = [
  { id: 'move', label: 'Move', keys: ['j', 'k'], where: 'grids', isLetter: true, isHandledByGrid: true, isHinted: true },
  { id: 'approve', label: 'Approve', keys: ['a'], where: 'review', isLetter: true, isHinted: true, isWriting: true },
  { id: 'hold', label: 'Hold', keys: ['h'], where: 'review', isLetter: true, isHinted: true, isWriting: true },
  { id: 'exclude', label: 'Exclude', keys: ['x'], where: 'review', isLetter: true, isHinted: true, isWriting: true },
  { id: 'approve-all', label: 'Approve all in this filter', keys: ['Shift+A'], where: 'review', isLetter: true },
  { id: 'select', label: 'Select', keys: [' '], where: 'grids', isLetter: true, isHandledByGrid: true, isHinted: true, isWriting: true },
  { id: 'extend', label: 'Extend selection', keys: ['Shift+J', 'Shift+K'], where: 'grids', isLetter: true, isHandledByGrid: true },
  { id: 'why', label: 'Why', keys: ['w'], where: 'review', isLetter: true, isHinted: true },
  { id: 'unchanged', label: 'Show unchanged', keys: ['.'], where: 'review', isLetter: true },
  { id: 'leave-out', label: 'Leave field out…', keys: [], where: 'review' },
  { id: 'comment', label: 'Comment', keys: ['c'], where: 'review', isLetter: true },
  { id: 'come-back', label: 'Come back', keys: ['m'], where: 'review', isLetter: true },
  { id: 'flag', label: 'Flag', keys: ['f'], where: 'review', isLetter: true },
  { id: 'same-change', label: 'Show all with this change', keys: [], where: 'review' },
  { id: 'copy-key', label: 'Copy key', keys: [], where: 'review' },
  { id: 'select-all', label: 'Select all in this filter', keys: ['$mod+a'], where: 'review', isLetter: true },
  { id: 'hide-decided', label: 'Hide decided', keys: [], where: 'review' },
  { id: 'reload-list', label: 'Reload list', keys: ['r'], where: 'review', isLetter: true },
  { id: 'inspect', label: 'Inspect', keys: ['Enter'], where: 'grids', isHandledByGrid: true },
  { id: 'back', label: 'Back to grid', keys: ['Escape'], where: 'grids', isHandledByGrid: true },
  { id: 'undo', label: 'Undo', keys: ['u', '$mod+z'], where: 'everywhere', isLetter: true, isHinted: true, isWriting: true },
  { id: 'redo', label: 'Redo', keys: ['$mod+Shift+Z'], where: 'everywhere' },
  { id: 'search', label: 'Search', keys: ['/'], where: 'grids' },
  { id: 'quick-find', label: 'Jump to a name', keys: ["'"], where: 'review', isLetter: true },
  { id: 'go-to-record', label: 'Go to record', keys: ['$mod+g'], where: 'review' },
  { id: 'palette', label: 'Search or run a command', keys: ['$mod+k'], where: 'everywhere' },
  { id: 'refresh', label: 'Refresh snapshot', keys: ['$mod+Shift+S'], where: 'everywhere' },
  { id: 'pause', label: 'Pause all pushes', keys: ['$mod+Shift+X'], where: 'everywhere' },
  { id: 'resume-pushes', label: 'Resume pushes', keys: [], where: 'everywhere' },
  { id: 'overview', label: 'Overview', keys: ['$mod+1'], where: 'everywhere' },
  { id: 'review', label: 'Review', keys: ['$mod+2'], where: 'everywhere' },
  { id: 'batches', label: 'Batches', keys: ['$mod+3'], where: 'everywhere' },
  { id: 'corrections', label: 'Corrections', keys: ['$mod+4'], where: 'everywhere' },
  { id: 'audit', label: 'Audit', keys: ['$mod+5'], where: 'everywhere' },
  { id: 'checks', label: 'Checks', keys: ['$mod+6'], where: 'everywhere' },
  { id: 'rules', label: 'Rules', keys: ['$mod+7'], where: 'everywhere' },
  { id: 'settings', label: 'Settings', keys: ['$mod+8'], where: 'everywhere' },
  { id: 'next-region', label: 'Next region', keys: ['F6'], where: 'everywhere' },
  { id: 'previous-region', label: 'Previous region', keys: ['Shift+F6'], where: 'everywhere' },
  { id: 'keys', label: 'All keys', keys: ['?'], where: 'everywhere', isHinted: true },
  { id: 'widen-filters', label: 'Widen filters', keys: [], where: 'review' },
  { id: 'narrow-filters', label: 'Narrow filters', keys: [], where: 'review' },
  { id: 'widen-inspector', label: 'Widen inspector', keys: [], where: 'review' },
  { id: 'narrow-inspector', label: 'Narrow inspector', keys: [], where: 'review' },
  { id: 'reset-panes', label: 'Reset panes', keys: [], where: 'review' },
  { id: 'filter-terms', label: 'Filter terms', keys: [], where: 'review' },
  { id: 'saved-views', label: 'Saved views', keys: [], where: 'review' },
  { id: 'save-view', label: 'Save this view…', keys: [], where: 'review' },
  { id: 'new-batch', label: 'New batch…', keys: [], where: 'everywhere' },
  { id: 'sign-plan', label: 'Sign a plan file…', keys: [], where: 'everywhere' },
  { id: 'switch-identity', label: 'Sign in as…', keys: [], where: 'everywhere' },
  { id: 'submit-batch', label: 'Submit', keys: [], where: 'batches' },
  { id: 'approve-batch', label: 'Approve…', keys: [], where: 'batches' },
  { id: 'reject-batch', label: 'Reject…', keys: [], where: 'batches' },
  { id: 'withdraw-batch', label: 'Withdraw', keys: [], where: 'batches' },
  { id: 'push-batch', label: 'Push to Salesforce…', keys: [], where: 'batches' },
  { id: 'stop-run', label: 'Stop after this chunk', keys: [], where: 'batches' },
  { id: 'retry-batch', label: 'Retry', keys: [], where: 'batches' },
  { id: 'resume-run', label: 'Resume run', keys: [], where: 'batches' },
  { id: 'export-plan', label: 'Export plan…', keys: ['$mod+e'], where: 'batches' },
  { id: 'import-approval', label: 'Import approval…', keys: [], where: 'batches' },
  { id: 'abandon-run', label: 'Abandon run…', keys: [], where: 'batches' },
  { id: 'draw-rest', label: 'Draw the rest anew…', keys: [], where: 'batches' },
  { id: 'draw-pilot', label: 'Draw pilot…', keys: [], where: 'batches' },
  { id: 'rename-batch', label: 'Rename…', keys: [], where: 'batches' },
  { id: 'delete-batch', label: 'Delete draft', keys: [], where: 'batches' },
  { id: 'verify-chain', label: 'Verify chain', keys: [], where: 'audit' },
  { id: 'anchor-now', label: 'Anchor now', keys: [], where: 'audit' },
  { id: 'export-csv', label: 'Export CSV', keys: [], where: 'audit' },
  { id: 'export-jsonl', label: 'Export JSON Lines', keys: [], where: 'audit' },
  { id: 'verify-views', label: 'Verify deployed views', keys: [], where: 'rules' },
  { id: 'try-rule', label: 'Try plan B', keys: [], where: 'rules' },
  { id: 'edit-plan-b', label: 'Edit plan B…', keys: [], where: 'rules' },
  { id: 'export-comparison', label: 'Export comparison…', keys: [], where: 'rules' },
  { id: 'test-connection', label: 'Test connection', keys: [], where: 'settings' },
] as const satisfies readonly CommandSpec[];

export type CommandId = (typeof commandList)[number]['id'];

/** Every command with all its parts, also the ones it leaves out. */
export const commandSpecs: readonly (CommandSpec & { id: CommandId })[] = commandList;

/** The entry of a command. */
export function commandSpec(id: CommandId): CommandSpec & { id: CommandId } {
  const spec = commandSpecs.find((candidate) => candidate.id === id);
  if (!spec) throw new Error(`no command ${id}`);
  return spec;
}
