import { PageHead } from "../../components/PageHead.tsx";
/** Placeholder. */
export function BatchesScreen() { return <PageHead title="Batches" />; }
