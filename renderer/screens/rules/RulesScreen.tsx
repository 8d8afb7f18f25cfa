import { PageHead } from "../../components/PageHead.tsx";
/** Placeholder. */
export function RulesScreen() { return <PageHead title="Rules" />; }
