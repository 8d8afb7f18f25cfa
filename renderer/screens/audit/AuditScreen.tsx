import { PageHead } from "../../components/PageHead.tsx";
/** Placeholder. */
export function AuditScreen() { return <PageHead title="Audit" />; }
