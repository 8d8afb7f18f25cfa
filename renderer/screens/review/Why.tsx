import type { FieldValue } from '../../../shared/domain/field-value.ts';
import type { ExplainedField, PendingDetail } from '../../../shared/domain/pending-change.ts';
import type { ViewName } from '../../../shared/domain/warehouse.ts';
import { useQueryCall } from '../../api/query-call.ts';
import { addressOf } from '../../app/place.ts';
import { useInfo } from '../../app/use-info.ts';
import { Icon } from '../../components/Icon.tsx';
import { Link } from '../../components/Link.tsx';
import { SeverityMark } from '../../components/Mark.tsx';
import { DataText } from '../../components/DataText.tsx';
import { columnLines, linesWords } from '../../words/column-lines.ts';
import { lossSentence, ruleSentence, whySentence, winReason } from '../../words/why.ts';
import { utcOf } from '../../words/dates.ts';
import { isInstant, valueWords } from '../../words/values.ts';
import css from './Why.module.css';

/** The view that gives the values: a group's are aggregated, a property without a production id gives its own. */
function ruleView(detail: PendingDetail): ViewName {
  if (detail.memberCount > 1 || detail.productionId !== null) return 'properties_aggregated_by_sfdc_id';
  return detail.kind === 'create' ? 'properties_to_create' : 'properties_to_update';
}

/** An instant to the second in UTC, as it is sent. */
function exactWords(value: FieldValue): string {
  return isInstant(value) ? utcOf(value) : valueWords(value);
}

/** Why one field has its value: the sentence, the rule, the winner and every loser with what beat it. */
export function Why({ field, detail }: { field: ExplainedField; detail: PendingDetail }) {
  const statusOf = (id: string) => detail.ignored.find((property) => property.id === id)?.status ?? null;
  const view = ruleView(detail);
  const source = useQueryCall('views.list', {}).data?.views.find((one) => one.name === view);
  const column = useInfo()?.mapping.fields.find((one) => one.field === field.field)?.column;
  const lines = source && column !== undefined ? columnLines(source.sql, column) : [];
  const shown = (value: string) => <DataText text={value} />;
  return (
    <div className={css['why']} role="group" aria-label={`Why ${field.label}`}>
      <p>
        <b className="strong">{whySentence(field, detail.contributors.length)}</b> {ruleSentence(field)}
      </p>
      {[field.before, field.after].some(isInstant) && (
        <p className={css['why-source']}>
          Before: {exactWords(field.before)}. After: {exactWords(field.after)}.
        </p>
      )}
      <p className={css['why-source']}>
        Rule <span className="mono">{field.rule}</span> in <Link to={addressOf('rules', { view, field: field.field })}>{view}</Link>
        {source !== undefined && (
          <>
            {lines.length > 0 && `, ${linesWords(lines)}`}, version <span className="mono">{source.hash.slice(0, 8)}</span>
          </>
        )}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Result</th>
            <th scope="col">Property</th>
            <th scope="col">Value</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {field.winner !== null && (
            <tr className={css['winner']}>
              <td>
                <SeverityMark severity="ok" icon="check">
                  Winner
                </SeverityMark>
              </td>
              <td className="mono nowrap">{shown(field.winner)}</td>
              <td>{shown(valueWords(field.after))}</td>
              <td>{winReason(field, detail)}</td>
            </tr>
          )}
          {field.losers.map((loser) => (
            <tr key={loser.id} className={css['loser']}>
              <td>
                <span className="hint">
                  <Icon name="minus" size="sm" />
                  {loser.reason === 'ignored' ? 'Ignored' : 'Lost'}
                </span>
              </td>
              <td className="mono nowrap">{shown(loser.id)}</td>
              <td>{shown(valueWords(loser.value))}</td>
              <td>
                <DataText text={lossSentence(loser, field, statusOf(loser.id))} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
