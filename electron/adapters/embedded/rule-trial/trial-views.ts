import { whatIfViews, type WhatIfView } from '../../../../shared/domain/what-if.ts';
import { AppFailure } from '../../../core/app-failure.ts';
import { readViewSql } from '../../../warehouse-views/read-views.ts';

/** A draft as the trial runs it: one view and its text in plan B, placeholders included. */
export interface DraftText {
  view: WhatIfView;
  sql: string;
}

/** What the text of each view may read, by placeholder. */
export const readableFrom: Readonly<Record<WhatIfView, readonly string[]>> = {
  properties_aggregated_by_sfdc_id: ['rds_properties_enriched', 'product_property'],
  properties_to_create: ['rds_properties_enriched', 'product_property', 'properties_aggregated_by_sfdc_id'],
  properties_to_update: ['rds_properties_enriched', 'product_property', 'properties_aggregated_by_sfdc_id'],
};

const whyNot: Readonly<Record<string, string>> = {
  rds_properties_enriched: 'It reads the feature rows of RDS, and these are not kept here: a snapshot keeps what the view makes of them.',
  property_sync_audit_log: 'It is a table that only grows and makes no plan.',
  sync_monitoring_dashboard: 'It counts; no plan follows from it.',
};

/**
 * The view of a draft.
 *
 * Errors: `invalid-input` for a view that cannot be tried, with the reason.
 */
export function trialViewOf(name: string): WhatIfView {
  const view = whatIfViews.find((known) => known === name);
  if (view !== undefined) return view;
  throw new AppFailure('invalid-input', `The view ${name} cannot be tried here. ${whyNot[name] ?? 'There is no such view.'} Try one of ${whatIfViews.join(', ')}.`, { view: name });
}

/** The text of a view as plan A has it. */
export function textAsIs(view: WhatIfView): string {
  return readViewSql(view);
}
