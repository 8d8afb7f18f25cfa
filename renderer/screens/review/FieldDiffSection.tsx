import { formatFilter } from '../../../shared/domain/filter.ts';
import { isEffective } from '../../../shared/domain/field-diff.ts';
import type { ExplainedField, PendingDetail } from '../../../shared/domain/pending-change.ts';
import { transitionOf } from '../../../shared/domain/transition.ts';
import { useInfo } from '../../app/use-info.ts';
import { addressOf, useQueryValue } from '../../app/place.ts';
import { Button } from '../../components/Button.tsx';
import { FieldDiffTable } from '../../components/FieldDiffTable.tsx';
import { KeyCaps } from '../../components/KeyCaps.tsx';
import { Link } from '../../components/Link.tsx';
import { WhyButton } from '../../components/WhyButton.tsx';
import { useBindCommands } from '../../commands/store.tsx';
import { timeZone } from '../../words/dates.ts';
import { InspectorSection } from './InspectorSection.tsx';
import { canLeaveOut, useLeaveOut } from './use-leave-out.tsx';
import { Why } from './Why.tsx';
import css from './FieldDiffSection.module.css';

/** Leads to every record that changes the field in the same way. */
function SameChange({ field }: { field: ExplainedField }) {
  const kind = transitionOf(field.type, field.change, field.before, field.after);
  if (kind === null) return null;
  return (
    <p className={css['same-change']}>
      <Link to={addressOf('review', { filter: formatFilter([{ name: 'transition', value: `${field.field}:${kind}`, negated: false }]) })}>Show all with this change</Link>
    </p>
  );
}

/** The field diff of a record with the explanation of each field. */
export function FieldDiffSection({ detail }: { detail: PendingDetail }) {
  const info = useInfo();
  const [why, setWhy] = useQueryValue('why');
  const [unchanged, setUnchanged] = useQueryValue('unchanged');
  const showsAll = unchanged === 'shown';
  const changing = detail.fields.filter((field) => isEffective(field.change));
  const leftOut = changing.filter((field) => field.excluded !== null);
  const leaveOut = useLeaveOut(detail);
  const same = detail.fields.filter((field) => field.change === 'equal');
  const shown = showsAll ? detail.fields : detail.fields.filter((field) => field.change !== 'equal');
  const toggleWhy = (field: string) => setWhy(why === field ? null : field, { replace: true });
  const toggleUnchanged = () => setUnchanged(showsAll ? null : 'shown', { replace: true });
  const firstField = shown[0]?.field;
  const aimed = detail.fields.find((field) => field.field === why && canLeaveOut(field)) ?? changing[0];
  useBindCommands({
    'leave-out': {
      run: () => aimed && leaveOut.toggle(aimed),
      off: aimed === undefined ? 'No field changes.' : leaveOut.off,
      ...(aimed ? { label: aimed.excluded ? `Take ${aimed.label} in again` : `Leave ${aimed.label} out…` } : {}),
    },
    why: { run: () => toggleWhy(why ?? firstField ?? ''), off: firstField === undefined ? 'No field changes.' : null },
    unchanged: { run: toggleUnchanged, off: same.length === 0 ? 'Every field changes.' : null },
  });
  return (
    <InspectorSection
      title="Field diff"
      meta={`${changing.length - leftOut.length} of ${detail.fields.length} fields change${leftOut.length > 0 ? `, ${leftOut.length} left out` : ''}`}
      actions={
        same.length > 0 && (
          <Button size="small" look="quiet" pressed={showsAll} onClick={toggleUnchanged} keys={<KeyCaps keys="." />} keyShortcuts=".">
            Show {same.length} unchanged
          </Button>
        )
      }
    >
      <FieldDiffTable
        heads={{
          before: 'Before',
          beforeNote: detail.kind === 'create' ? 'no record' : 'Salesforce now',
          after: 'After',
          afterNote: 'proposed',
          why: (
            <span title={`Times are shown in ${timeZone}`}>
              Why <KeyCaps keys="w" />
            </span>
          ),
        }}
        {...(info ? { object: info.mapping.object } : {})}
        rows={shown.map((field) => ({
          ...field,
          why: (
            <span className={css['field-actions']}>
              <WhyButton label={field.label} rule={field.rule} isOpen={why === field.field} onToggle={() => toggleWhy(field.field)} />
              {canLeaveOut(field) && <Button icon={field.excluded ? 'plus' : 'minus'} size="small" look="quiet" label={field.excluded ? `Take ${field.label} in again` : `Leave ${field.label} out…`} off={leaveOut.off} onClick={() => leaveOut.toggle(field)} />}
            </span>
          ),
          ...(why === field.field
            ? {
                below: (
                  <>
                    <Why field={field} detail={detail} />
                    <SameChange field={field} />
                  </>
                ),
              }
            : {}),
        }))}
      />
    </InspectorSection>
  );
}
