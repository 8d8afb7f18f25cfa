import { Icon } from './Icon.tsx';
import css from './FieldDiff.module.css';

/** Opens the explanation of one field. */
export function WhyButton({ label, rule, isOpen, onToggle }: { label: string; rule: string; isOpen: boolean; onToggle: () => void }) {
  return (
    <button className={css['why-button']} type="button" aria-expanded={isOpen} aria-label={`Why ${label}: rule ${rule}`} onClick={onToggle}>
      {rule}
      <Icon name="down" size="sm" />
    </button>
  );
}
