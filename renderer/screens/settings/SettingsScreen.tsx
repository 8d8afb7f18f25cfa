import { PageHead } from "../../components/PageHead.tsx";
/** Placeholder. */
export function SettingsScreen() { return <PageHead title="Settings" />; }
