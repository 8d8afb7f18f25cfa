import { createRoot } from 'react-dom/client';
import { App } from '../../../renderer/App.tsx';
import { applyDisplay, readDisplay } from '../../../renderer/app/display.ts';
import '../../../renderer/styles/tokens.css';
import '../../../renderer/styles/base.css';
import type { Client } from '../../../shared/transport.ts';
import { createFakeClient } from '../fake-client.ts';
import { runScenes } from '../fake-runs.ts';
import { withFailingCalls } from './with-failing-calls.ts';
import { withHeldCalls } from './with-held-calls.ts';
import { withHostileTexts } from './with-hostile-texts.ts';
import { withLargeGroup } from './with-large-group.ts';
import { withMillion } from './with-million.ts';
import { withOddShapes } from './with-odd-shapes.ts';
import { withOtherAdmin } from './with-other-admin.ts';

const fragment = new URLSearchParams(window.location.hash.slice(1));
const environments = ['production', 'sandbox', 'simulated'] as const;
const audits = ['copied', 'none', 'failing', 'fork', 'truncated'] as const;
const made = createFakeClient({
  total: Number(fragment.get('total') ?? '3000'),
  hasSnapshot: fragment.get('snapshot') !== 'none',
  readOnly: fragment.get('read-only') === 'yes',
  environment: environments.find((environment) => environment === fragment.get('environment')) ?? 'production',
  warehouse: fragment.get('warehouse') === 'databricks' ? 'databricks' : 'embedded',
  isGranted: fragment.get('granted') === 'yes',
  isSlow: fragment.get('slow') === 'yes',
  scene: runScenes.find((scene) => scene === fragment.get('run')) ?? null,
  audit: audits.find((audit) => audit === fragment.get('audit')) ?? 'copied',
});
const changes = [
  fragment.get('group') === 'large' ? withLargeGroup : null,
  fragment.get('texts') === 'hostile' ? withHostileTexts : null,
  fragment.get('other-admin') === 'yes' ? withOtherAdmin : null,
  (client: Client) => withFailingCalls(client, fragment.get('failing') ?? ''),
  (client: Client) => withHeldCalls(client, fragment.get('held') ?? ''),
  fragment.has('shapes') ? withOddShapes : null,
  fragment.get('in-shapes') === 'million' ? withMillion : null,
];
applyDisplay(readDisplay());
const root = document.getElementById('root');
if (root) createRoot(root).render(<App client={changes.reduce((client, change) => change?.(client) ?? client, made)} />);
