import * as z from 'zod';
import type { AuditEvent } from '../../../shared/domain/audit-event.ts';
import { anchorKind } from '../../warehouse-views/audit-statements.ts';
import { canonicalJson, sha256 } from '../canonical.ts';
import type { Ledger } from '../ledger-ports.ts';
import type { AuditLogRow } from '../warehouse-ports.ts';

/** The signed head of a chain, as the ledger gives it. */
export type SignedHead = Awaited<ReturnType<Ledger['signHead']>>;

const anchorPayloadSchema = z.strictObject({ v: z.literal(1), lineage: z.string(), publicKey: z.string(), seq: z.number().int(), head: z.string(), at: z.string(), signature: z.string() });

/**
 * One event as a row of `property_sync_audit_log`.
 *
 * Shape:  `payload` is the whole event as canonical JSON, hash included; the other columns are for searching it. An actor too
 *         long for its column is cut there; any other text too long is left out. `record_key` is filled for events of exactly one record.
 */
export function auditLogRow(event: AuditEvent): AuditLogRow {
  const isPushed = event.type === 'record.pushed';
  return {
    event_id: event.id,
    workspace_id: event.lineage,
    sequence: event.seq,
    occurred_at: event.at,
    event_kind: event.type,
    actor: [...event.actor].slice(0, 255).join(''),
    record_key: event.keys.length === 1 ? fitting(event.keys[0], 255) : null,
    batch_id: fitting(event.batchId, 64),
    run_id: fitting(event.runId, 64),
    salesforce_id: isPushed ? fitting(event.data['salesforceId'], 32) : null,
    outcome: isPushed ? fitting(event.data['outcome'], 32) : null,
    previous_hash: event.prev,
    event_hash: event.hash,
    payload: canonicalJson(event),
  };
}

/** The signed head of a chain as a row. One head has one id, so that it is kept once however often it is copied. */
export function anchorRow(head: SignedHead): AuditLogRow {
  const payload = canonicalJson({ v: 1, ...head });
  return {
    event_id: `anchor-${head.lineage}-${head.seq}`,
    workspace_id: head.lineage,
    sequence: head.seq,
    occurred_at: head.at,
    event_kind: anchorKind,
    actor: 'countersign',
    record_key: null,
    batch_id: null,
    run_id: null,
    salesforce_id: null,
    outcome: null,
    previous_hash: head.head,
    event_hash: sha256(payload),
    payload,
  };
}

/** Reads the payload of an anchor, or a line of exported checkpoints; null when it is none as the app writes it. */
export function readAnchorPayload(payload: string): SignedHead | null {
  try {
    const { v, ...head } = anchorPayloadSchema.parse(JSON.parse(payload));
    return canonicalJson({ v, ...head }) === payload ? head : null;
  } catch {
    // Text that is no anchor proves nothing.
    return null;
  }
}

function fitting(value: unknown, most: number): string | null {
  return typeof value === 'string' && [...value].length <= most ? value : null;
}
