import { PageHead } from "../../components/PageHead.tsx";
/** Placeholder. */
export function ChecksScreen() { return <PageHead title="Checks" />; }
