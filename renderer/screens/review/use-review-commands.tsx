import type { Facets } from '../../../shared/contract.ts';
import { formatFilter, parseFilter } from '../../../shared/domain/filter.ts';
import type { PendingItem } from '../../../shared/domain/pending-change.ts';
import type { Selection } from '../../../shared/domain/selection.ts';
import { useClient } from '../../api/client-context.tsx';
import { useDialogs } from '../../app/dialogs.tsx';
import { useNotifications } from '../../app/notifications.tsx';
import { changeQuery } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { useBindCommands } from '../../commands/store.tsx';
import { alreadyApproved, decisionVerbs, number, plural } from '../../words.ts';
import { useFilterTerms } from './filter-terms/use-filter-terms.tsx';
import { GoToDialog } from './GoToDialog.tsx';
import { allSelected, countSelected, nothingSelected, toSelection, type RowSelection } from './row-selection.ts';
import type { Current } from './use-current.ts';
import { unapprovedOf } from './filtered-counts.ts';
import { useApprovedIn } from './use-approved-in.ts';
import { useAskReason, type Asked, type Given } from './use-ask-reason.tsx';
import { useMark } from './use-mark.ts';
import { useDecisions, type Decision } from './use-decisions.tsx';
import { useOnceShown } from './use-once-shown.ts';
import type { Filter } from './use-filter.ts';
import type { Pages, ReviewList } from './use-pages.ts';

export interface ReviewState {
  /** As the address has it. */
  filter: Filter;
  list: ReviewList;
  /** The list that the filter and the order ask for is still being read. */
  isOpening: boolean;
  pages: Pages;
  /** How many records match the filter by now. */
  matching: number | null;
  current: Current;
  /** The row of the record in the inspector, where it is loaded. */
  item: PendingItem | undefined;
  facets: Facets | undefined;
  selection: RowSelection;
  setSelection(selection: RowSelection): void;
  movesOn: boolean;
}

const lookAhead = 500;
/** More records than this are approved only after their counts were shown. */
const approvedWithoutAsking = 1_000;

function toggledDecided(filter: string): string | null {
  const parsed = parseFilter(filter);
  const terms = parsed.ok ? parsed.terms : [];
  const rest = terms.filter((term) => !(term.name === 'decision' && term.value === 'none' && !term.negated));
  const next = rest.length < terms.length ? rest : [...terms, { name: 'decision', value: 'none', negated: false } as const];
  return next.length === 0 ? null : formatFilter(next);
}

/** Binds the commands of the Review screen. */
export function useReviewCommands(state: ReviewState): void {
  const { filter, list, isOpening, pages, current, item, facets, selection, setSelection, movesOn } = state;
  const readOnly = useInfo()?.readOnly === true ? 'Read only: decisions cannot be changed here.' : null;
  const { open } = useDialogs();
  const { notify } = useNotifications();
  const client = useClient();
  const mark = useMark();
  const { decide } = useDecisions(facets?.decision.find((fact) => fact.value === 'none')?.count ?? null);
  const askReason = useAskReason();
  const onceShown = useOnceShown(current.record);
  const nameOfCurrent = item?.name ?? current.record?.key ?? '';
  const rows = pages.total ?? 0;
  const total = state.matching ?? 0;
  const selected = countSelected(selection, total);
  useFilterTerms();
  const bulk = toSelection(selection, list.filter);
  const isWhole = selection.isAll && selection.marked.size === 0;
  const approved = useApprovedIn(list.filter, total);
  const yetToApprove: Asked = { decision: 'approve', selection: { filter: approved > 0 ? unapprovedOf(list.filter) : list.filter, except: [] }, count: total - approved, ...(approved > 0 ? { about: 'All in this filter that are not approved yet.', within: list.filter } : { about: 'All in this filter.' }) };

  const moveOn = async (from: number) => {
    for (let index = from + 1; index < Math.min(rows, from + lookAhead); index += 1) {
      const next = pages.itemAt(index);
      if (!next) break;
      if (next.decision === 'none') {
        current.move(index);
        return;
      }
    }
    const ahead = await client.call('pending.page', { ...list, offset: from + 1, limit: lookAhead });
    const step = ahead.items.findIndex((candidate) => candidate.decision === 'none');
    if (step !== -1) current.move(from + 1 + step);
  };
  const carryOut = (decision: Decision, records: Selection, name: string | undefined, given: Pick<Given, 'expect'> & Partial<Given>) => {
    const from = current.index;
    const after = () => {
      if (name === undefined) setSelection(nothingSelected);
      else if (movesOn) void moveOn(from);
    };
    decide({ selection: records, decision, name, ...given }, after);
  };
  const approveAll = () => {
    if (yetToApprove.count <= approvedWithoutAsking) carryOut('approve', yetToApprove.selection, undefined, { expect: yetToApprove.count });
    else askReason(yetToApprove, (given) => carryOut('approve', yetToApprove.selection, undefined, given));
  };
  const ask = (decision: Decision) => {
    if (decision === 'approve' && isWhole) {
      approveAll();
      return;
    }
    const record = current.record;
    const target = bulk ?? (record ? { items: [record] } : null);
    if (!target) return;
    const name = bulk ? undefined : nameOfCurrent;
    const count = bulk ? selected : 1;
    if (decision === 'approve' && count <= approvedWithoutAsking) carryOut(decision, target, name, { expect: count });
    else {
      const about = bulk ? (selection.isAll ? `All in this filter${selection.marked.size > 0 ? `, except ${number(selection.marked.size)}` : ''}.` : 'The selected records.') : `${name}.`;
      askReason({ decision, selection: target, count, about }, (given) => carryOut(decision, target, name, given));
    }
  };
  const start = (decision: Decision) => (bulk ? ask(decision) : onceShown(nameOfCurrent, () => ask(decision)));
  const markAs = (wanted: 'flagged' | 'later', done: string, takenBack: string) => {
    if (!current.record) return;
    const isTakenBack = item?.mark === wanted;
    const name = item?.name ?? 'The record';
    // Whoever goes on looking at it has viewed it soon after.
    mark(current.record, isTakenBack ? 'unseen' : wanted, { done: `${name} ${isTakenBack ? takenBack : done}.`, failed: `${name} could not be marked` });
  };
  // All in the filter would be those of the list before.
  const opening = isOpening ? 'The list is still being read.' : null;
  const isBetween = !bulk && (current.isWaiting || (!current.record && pages.total === null));
  const noTarget = isBetween ? 'The current row is still being read.' : bulk ? opening : current.record ? null : 'No record is chosen.';
  const blocked = !bulk && item && item.blockers > 0 ? `${plural(item.blockers, 'blocker')}: ${item.checks[0]?.replaceAll('-', ' ') ?? 'see Checks'}` : null;
  const labelOf = (decision: Decision) => (bulk ? { label: `${decisionVerbs[decision]} ${decision === 'approve' && isWhole && approved > 0 ? `${number(total - approved)} of ${number(total)}` : number(selected)}` } : {});
  const noneLeft = total === 0 ? 'Nothing matches the filter.' : total === approved ? 'All of these are approved already.' : null;
  useBindCommands({
    approve: { run: () => start('approve'), off: readOnly ?? noTarget ?? (isWhole ? noneLeft : blocked), ...labelOf('approve') },
    hold: { run: () => start('hold'), off: readOnly ?? noTarget, ...labelOf('hold') },
    exclude: { run: () => start('exclude'), off: readOnly ?? noTarget, ...labelOf('exclude') },
    'approve-all': { run: approveAll, off: readOnly ?? opening ?? noneLeft, label: approved > 0 ? `Approve ${number(total - approved)} of ${number(total)} in this filter; ${alreadyApproved(approved)}` : `Approve all ${number(total)} in this filter` },
    'come-back': { run: () => markAs('later', 'is marked to come back to', 'is not marked to come back to any more'), off: readOnly ?? noTarget, ...(item?.mark === 'later' ? { label: 'Done with coming back' } : {}) },
    flag: { run: () => markAs('flagged', 'is flagged', 'is not flagged any more'), off: readOnly ?? noTarget, ...(item?.mark === 'flagged' ? { label: 'Remove the flag' } : {}) },
    'copy-key': { run: () => void navigator.clipboard.writeText(current.record?.key ?? '').then(() => notify(`Copied the key ${current.record?.key ?? ''}.`)), off: current.record ? null : noTarget },
    'select-all': { run: () => setSelection(allSelected), off: readOnly ?? opening ?? (total === 0 ? 'Nothing matches the filter.' : null), label: `Select all ${number(total)} in this filter` },
    'hide-decided': { run: () => changeQuery({ filter: toggledDecided(filter.list.filter), record: null, kind: null, why: null }) },
    'same-change': {
      run: () => changeQuery({ filter: formatFilter([{ name: 'field', value: item?.firstChange?.field ?? '', negated: false }]), record: null, kind: null, why: null }),
      off: item?.firstChange ? null : 'The record changes no field.',
      ...(item?.firstChange ? { label: `Show all that change ${item.firstChange.label}` } : {}),
    },
    'go-to-record': {
      run: () =>
        open((close) => (
          <GoToDialog
            total={rows}
            onClose={close}
            onPosition={(position) => current.move(position - 1)}
            onKey={(key) => {
              client.call('pending.show', { key }).then(
                (detail) => changeQuery({ record: detail.key, kind: detail.kind, why: null }),
                () => notify(`No pending change has the key ${key}.`, { look: 'problem' }),
              );
            }}
          />
        )),
      off: rows === 0 ? 'The list is empty.' : null,
    },
  });
}
