import { CSPProvider } from '@base-ui/react/csp-provider';
import type { Client } from '../shared/transport.ts';
import { ApiProvider } from './api/client-context.tsx';
import { DialogHost, DialogsProvider } from './app/dialogs.tsx';
import { FailedStepsProvider } from './app/failed-steps.tsx';
import { NotificationsProvider } from './app/notifications.tsx';
import { usePlace, type Screen } from './app/place.ts';
import { PushesProvider } from './app/pushes.tsx';
import { RefreshProvider } from './app/refresh.tsx';
import { CommandsProvider } from './commands/store.tsx';
import { Frame } from './frame/Frame.tsx';
import { AuditScreen } from './screens/audit/AuditScreen.tsx';
import { BatchesScreen } from './screens/batches/BatchesScreen.tsx';
import { ChecksScreen } from './screens/checks/ChecksScreen.tsx';
import { CorrectionsScreen } from './screens/corrections/CorrectionsScreen.tsx';
import { OverviewScreen } from './screens/overview/OverviewScreen.tsx';
import { ReviewScreen } from './screens/review/ReviewScreen.tsx';
import { RulesScreen } from './screens/rules/RulesScreen.tsx';
import { SettingsScreen } from './screens/settings/SettingsScreen.tsx';

const screenComponents: Record<Screen, () => React.JSX.Element> = {
  overview: OverviewScreen,
  review: ReviewScreen,
  batches: BatchesScreen,
  corrections: CorrectionsScreen,
  audit: AuditScreen,
  checks: ChecksScreen,
  rules: RulesScreen,
  settings: SettingsScreen,
};

function CurrentScreen() {
  const { screen } = usePlace();
  const Component = screenComponents[screen];
  return <Component />;
}

/** The whole interface over one connection to the core. */
export function App({ client }: { client: Client }) {
  return (
    <CSPProvider disableStyleElements>
      <ApiProvider client={client}>
        <NotificationsProvider>
          <FailedStepsProvider>
            <CommandsProvider>
              <DialogsProvider>
                <PlacedProviders />
              </DialogsProvider>
            </CommandsProvider>
          </FailedStepsProvider>
        </NotificationsProvider>
      </ApiProvider>
    </CSPProvider>
  );
}

function PlacedProviders() {
  return (
    <RefreshProvider>
      <PushesProvider>
        <Frame>
          <CurrentScreen />
        </Frame>
        <DialogHost />
      </PushesProvider>
    </RefreshProvider>
  );
}
