import type { MappedField, Rule } from '../../../../shared/domain/mapping.ts';
import type { WhatIfDraft } from '../../../../shared/domain/what-if.ts';
import { useQueryCall } from '../../../api/query-call.ts';
import { useQueryValue } from '../../../app/place.ts';
import { useTextDraft, type TextDraft } from './text-draft.ts';

const rulesOf: Record<MappedField['type'], readonly Rule[]> = { flag: ['any', 'primary'], instant: ['earliest', 'primary'], text: ['primary'] };

export interface PlanB {
  /** Null while nothing is chosen. */
  draft: WhatIfDraft | null;
  /** Fields that can follow another rule than they do. */
  fields: readonly MappedField[];
  /** Every mapped field, for their labels. */
  mapped: readonly MappedField[];
  field: MappedField | null;
  rule: Rule | null;
  rules: readonly Rule[];
  text: TextDraft | null;
  /** Why the draft cannot be run; null where it can. */
  off: string | null;
  chooseField(field: string): void;
  chooseRule(rule: Rule): void;
  chooseText(): void;
  clear(): void;
}

/**
 * The draft of the rules that is chosen.
 *
 * Shape: a field and its rule are in the address as `try=FIELD:RULE`; `try=text` stands for the edited text, which this window keeps.
 */
export function usePlanB(): PlanB {
  const [tried, setTried] = useQueryValue('try');
  const text = useTextDraft();
  const mapped = useQueryCall('settings.get', {}, { keepPrevious: true }).data?.mapping.fields ?? [];
  const fields = mapped.filter((field) => rulesOf[field.type].length > 1);
  const isText = tried === 'text' && text !== null;
  const [name, wanted] = (tried ?? '').split(':', 2);
  const field = isText ? null : (fields.find((one) => one.field === name) ?? null);
  const rules = field ? rulesOf[field.type] : [];
  const rule = rules.find((one) => one === wanted) ?? null;
  const draft: WhatIfDraft | null = isText ? text : field && rule ? { field: field.field, rule } : null;
  return {
    draft,
    fields,
    mapped,
    field,
    rule,
    rules,
    text,
    off: draft === null ? 'Choose a field and another rule first, or edit the text of a view.' : field && field.rule === rule ? `Plan A has ${field.label} by this rule already.` : null,
    chooseField(next) {
      const chosen = fields.find((one) => one.field === next);
      const other = chosen && rulesOf[chosen.type].find((one) => one !== chosen.rule);
      setTried(chosen && other ? `${chosen.field}:${other}` : null, { replace: true });
    },
    chooseRule: (next) => field && setTried(`${field.field}:${next}`, { replace: true }),
    chooseText: () => setTried('text', { replace: true }),
    clear: () => setTried(null, { replace: true }),
  };
}
