import type { Batch, BatchDetail, Gate } from '../../../shared/domain/batch.ts';
import { CheckList } from '../../components/CheckList.tsx';
import { Panel } from '../../components/Panel.tsx';
import { kindWords, number, percent, sentenceCase } from '../../words.ts';
import tableCss from '../../components/Table.module.css';

/** Who is in a pilot: what was drawn from each stratum. */
export function StrataPanel({ batch }: { batch: Batch }) {
  const seed = batch.draw.by === 'pilot' ? batch.draw.seed : '';
  return (
    <Panel title="Strata" meta={`drawn with seed ${seed}`} isPadded={false}>
      <table className={tableCss['table']}>
        <thead>
          <tr>
            <th scope="col">Stratum</th>
            <th scope="col">Kind</th>
            <th scope="col" className="num">
              Drawn
            </th>
            <th scope="col" className="num">
              Available
            </th>
          </tr>
        </thead>
        <tbody>
          {batch.strata.map((stratum) => (
            <tr key={`${stratum.kind} ${stratum.name}`}>
              <th scope="row">{sentenceCase(stratum.name)}</th>
              <td>{kindWords[stratum.kind]}</td>
              <td className="num">{number(stratum.drawn)}</td>
              <td className="num">{number(stratum.available)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

const gateTexts: Record<Gate['id'], (gate: Gate) => string> = {
  resolved: (gate) => `All outcomes of the pilot are resolved: ${number(gate.numerator)} of ${number(gate.denominator)}`,
  'error-rate': (gate) => `Error rate below 1 %: ${gate.denominator === 0 ? 'no data' : percent(gate.numerator / gate.denominator)} (${number(gate.numerator)} of ${number(gate.denominator)})`,
  'read-back': (gate) => `Read back and equal: ${number(gate.numerator)} of ${number(gate.denominator)}`,
};

/** The three gates of the newest pilot, which keep a full batch locked until they are green. */
export function GatesPanel({ detail }: { detail: BatchDetail }) {
  const green = detail.gates.filter((gate) => gate.passed).length;
  const items = detail.gates.map((gate) => ({ id: gate.id, severity: gate.passed ? ('ok' as const) : ('blocker' as const), text: gate.pilotId === null ? `${gateTexts[gate.id](gate)}; no pilot has been pushed` : gateTexts[gate.id](gate) }));
  const override = detail.batch.overridePilotReason;
  return (
    <Panel title="Pilot gates" meta={`${green} of ${detail.gates.length} green`} isPadded={false} {...(override === null ? {} : { foot: `Overridden: ${override}` })}>
      <CheckList items={items} />
    </Panel>
  );
}
