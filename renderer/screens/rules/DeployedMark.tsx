import type { ViewReport } from '../../../shared/domain/warehouse.ts';
import { SeverityMark, type SeverityLook } from '../../components/Mark.tsx';
import { plural } from '../../words.ts';
import { runsAsItStands, viewStateWords } from '../../words/warehouse.ts';

const looks: Record<ViewReport['state'], SeverityLook> = { same: 'ok', differs: 'blocker', missing: 'blocker', unreadable: 'unchecked' };

/** Whether what is deployed is this version's text; where nothing is deployed, this version's text is what runs. */
export function DeployedMark({ report, isDeployedAnywhere }: { report: ViewReport; isDeployedAnywhere: boolean }) {
  if (!isDeployedAnywhere) return <SeverityMark severity="ok">{runsAsItStands}</SeverityMark>;
  const lines = report.state === 'differs' && report.differences.length > 0 ? ` in ${plural(report.differences.length, 'line')}` : '';
  return (
    <SeverityMark severity={looks[report.state]}>
      {viewStateWords[report.state]}
      {lines}
    </SeverityMark>
  );
}
