import { isEffective } from '../../../shared/domain/field-diff.ts';
import type { PendingDetail } from '../../../shared/domain/pending-change.ts';
import { useInfo } from '../../app/use-info.ts';
import { useQueryValue } from '../../app/place.ts';
import { Button } from '../../components/Button.tsx';
import { FieldDiffTable } from '../../components/FieldDiffTable.tsx';
import { KeyCaps } from '../../components/KeyCaps.tsx';
import { WhyButton } from '../../components/WhyButton.tsx';
import { useBindCommands } from '../../commands/store.tsx';
import { timeZone } from '../../words/dates.ts';
import { InspectorSection } from './InspectorSection.tsx';
import { Why } from './Why.tsx';

/** The field diff of a record with the explanation of each field. */
export function FieldDiffSection({ detail }: { detail: PendingDetail }) {
  const info = useInfo();
  const [why, setWhy] = useQueryValue('why');
  const [unchanged, setUnchanged] = useQueryValue('unchanged');
  const showsAll = unchanged === 'shown';
  const changing = detail.fields.filter((field) => isEffective(field.change));
  const same = detail.fields.filter((field) => field.change === 'equal');
  const shown = showsAll ? detail.fields : detail.fields.filter((field) => field.change !== 'equal');
  const toggleWhy = (field: string) => setWhy(why === field ? null : field, { replace: true });
  const toggleUnchanged = () => setUnchanged(showsAll ? null : 'shown', { replace: true });
  const firstField = shown[0]?.field;
  useBindCommands({
    why: { run: () => toggleWhy(why ?? firstField ?? ''), off: firstField === undefined ? 'No field changes.' : null },
    unchanged: { run: toggleUnchanged, off: same.length === 0 ? 'Every field changes.' : null },
  });
  return (
    <InspectorSection
      title="Field diff"
      meta={`${changing.length} of ${detail.fields.length} fields change`}
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
          why: <WhyButton label={field.label} rule={field.rule} isOpen={why === field.field} onToggle={() => toggleWhy(field.field)} />,
          ...(why === field.field ? { below: <Why field={field} detail={detail} /> } : {}),
        }))}
      />
    </InspectorSection>
  );
}
