import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useBindCommands } from '../commands/store.tsx';
import { Icon } from './Icon.tsx';
import css from './SearchBox.module.css';

const typingMs = 250;

/** A search box that tells its text once typing has stopped; `/` goes to it. */
export function SearchBox({ label, value, onSearch, placeholder }: { label: string; value: string; onSearch: (text: string) => void; placeholder: string }) {
  const [text, setText] = useState(value);
  const [lastValue, setLastValue] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const tell = useEffectEvent(onSearch);
  if (value !== lastValue) {
    setLastValue(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return undefined;
    const timer = window.setTimeout(() => tell(text), typingMs);
    return () => window.clearTimeout(timer);
  }, [text, value]);
  useBindCommands({ search: { run: () => field.current?.select() } });
  return (
    <div className={css['search']}>
      <Icon name="search" />
      <input
        ref={field}
        className="input"
        type="search"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && onSearch(text)}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}
