import { PageHead } from "../../components/PageHead.tsx";
/** Placeholder. */
export function OverviewScreen() { return <PageHead title="Overview" />; }
