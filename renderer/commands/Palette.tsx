import { Dialog } from '@base-ui/react/dialog';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { formatFilter } from '../../shared/domain/filter.ts';
import type { PendingItem } from '../../shared/domain/pending-change.ts';
import type { SavedView } from '../../shared/domain/review.ts';
import { useQueryCall } from '../api/query-call.ts';
import { addressOf, goTo } from '../app/place.ts';
import { Icon } from '../components/Icon.tsx';
import { KeyCaps } from '../components/KeyCaps.tsx';
import { DataText } from '../components/DataText.tsx';
import { openAddress } from '../screens/review/saved-views/view-address.ts';
import { plural } from '../words.ts';
import { commandSpecs, type CommandSpec } from './list.ts';
import { useCommandBindings, type CommandBinding } from './store.tsx';
import dialogCss from '../components/Dialog.module.css';
import css from './Palette.module.css';

type Entry = { id: string; label: string; run: (() => void) | null; off: string | null; keys: string | undefined; item?: PendingItem; isData?: boolean };

const elsewhere: Record<CommandSpec['where'], string> = { everywhere: 'Not possible now', review: 'On the Review screen', grids: 'In a grid', batches: 'With a batch open, in the right state', audit: 'On the Audit screen', rules: 'On the Rules screen', settings: 'On the Settings screen' };

function entryOf(spec: CommandSpec, binding: CommandBinding | undefined): Entry {
  const off = binding ? (binding.off ?? null) : elsewhere[spec.where];
  return { id: spec.id, label: binding?.label ?? spec.label, run: binding && off === null ? binding.run : null, off, keys: spec.keys[0] };
}

function recordEntry(item: PendingItem): Entry {
  const open = () => goTo(addressOf('review', { filter: formatFilter([{ name: 'key', value: item.key, negated: false }]), record: item.key, kind: item.kind }));
  return { id: `${item.kind} ${item.key}`, label: item.name ?? item.key, run: open, off: null, keys: undefined, item };
}

function viewEntry({ name, address }: SavedView): Entry {
  return { id: `view ${name}`, label: name, run: () => goTo(openAddress(address)), off: null, keys: undefined, isData: true };
}

/** Finds commands, saved views and records in one box. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const binding = useCommandBindings();
  const wanted = text.trim().toLowerCase();
  const records = useQueryCall('pending.page', { filter: formatFilter([{ name: 'text', value: text.trim(), negated: false }]), limit: 6 }, { enabled: wanted.length >= 2, keepPrevious: true });
  const commands = commandSpecs
    .filter((spec) => spec.isHandledByGrid !== true && spec.id !== 'palette')
    .map((spec) => entryOf(spec, binding(spec.id)))
    .filter((entry) => entry.label.toLowerCase().includes(wanted))
    .sort((a, b) => Number(a.run === null) - Number(b.run === null));
  const saved = (useQueryCall('savedViews.list', {}).data?.views ?? []).map(viewEntry).filter((entry) => entry.label.toLowerCase().includes(wanted));
  const found = wanted.length >= 2 ? (records.data?.items ?? []).map(recordEntry) : [];
  const entries = [...commands, ...saved, ...found];
  const unshown = found.length === 0 ? 0 : (records.data?.total ?? 0) - found.length;
  const chosen = entries[Math.min(at, entries.length - 1)];
  const choose = (entry: Entry | undefined) => {
    if (!entry?.run) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((now) => Math.min(entries.length - 1, now + 1));
    else if (event.key === 'ArrowUp') setAt((now) => Math.max(0, now - 1));
    else if (event.key === 'Enter') choose(event.ctrlKey || event.metaKey ? found[0] : chosen);
    else return;
    event.preventDefault();
  };
  const option = (entry: Entry) => (
    <li
      key={entry.id}
      id={`${listId}-${entry.id}`}
      role="option"
      aria-selected={entry === chosen}
      aria-disabled={entry.run === null || undefined}
      className={css['palette-item']}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => choose(entry)}
      ref={(element) => {
        if (entry === chosen) element?.scrollIntoView({ block: 'nearest' });
      }}
    >
      <Icon name={entry.item ? (entry.item.kind === 'create' ? 'plus' : 'edit') : 'arrow-right'} />
      <span className="clip">{entry.item || entry.isData === true ? <DataText text={entry.label} /> : entry.label}</span>
      {entry.off !== null ? <span className={css['why-not']}>{entry.off}</span> : entry.keys !== undefined && <KeyCaps keys={entry.keys} />}
    </li>
  );
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialogCss['scrim']} />
        <Dialog.Viewport className={dialogCss['viewport']}>
          <Dialog.Popup className={css['palette']} aria-modal="true" initialFocus={field}>
            <Dialog.Title render={<h2 />} className="visually-hidden">
              Commands
            </Dialog.Title>
            <div className={css['palette-input']}>
              <Icon name="search" size="lg" />
              <input
                ref={field}
                type="text"
                role="combobox"
                aria-label="Search or run a command"
                aria-expanded="true"
                aria-controls={listId}
                aria-activedescendant={chosen ? `${listId}-${chosen.id}` : undefined}
                autoComplete="off"
                spellCheck={false}
                placeholder="A command, a saved view, or the name or key of a record"
                value={text}
                onChange={(event) => (setText(event.target.value), setAt(0))}
                onKeyDown={onKeyDown}
              />
              <kbd aria-hidden="true">Esc</kbd>
            </div>
            <ul id={listId} role="listbox" aria-label="Commands and records" className={css['palette-list']}>
              {commands.length > 0 && (
                <li className={css['palette-group']} role="presentation">
                  Commands
                </li>
              )}
              {commands.map(option)}
              {saved.length > 0 && (
                <li className={css['palette-group']} role="presentation">
                  Saved views
                </li>
              )}
              {saved.map(option)}
              {found.length > 0 && (
                <li className={css['palette-group']} role="presentation">
                  Records
                </li>
              )}
              {found.map(option)}
            </ul>
            {entries.length === 0 && !records.isFetching && <p className={css['none']}>No command, saved view or record has “<DataText text={text.trim()} />” in it. Records are found from two letters on, by name, address or key.</p>}
            <div className={css['palette-foot']}>
              <span className="hint">
                <kbd>↑</kbd>
                <kbd>↓</kbd> Move
              </span>
              <span className="hint">
                <kbd>Enter</kbd> Run
              </span>
              <span className="end">
                {plural(entries.length + unshown, 'match', 'matches')}
                {unshown > 0 && `, ${plural(unshown, 'record')} not shown`}
              </span>
            </div>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
