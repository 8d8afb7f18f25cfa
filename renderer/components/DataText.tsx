import { Fragment } from 'react';
import { splitCodePoints } from './code-points.ts';
import css from './DataText.module.css';

/** Text from the data, shown as text: isolated in direction, with what cannot be seen as badges. */
export function DataText({ text }: { text: string | null }) {
  if (text === null || text === '') return <span className={css['blank']}>blank</span>;
  return (
    <bdi>
      <TextPieces text={text} />
    </bdi>
  );
}

/** The pieces of a text, for places that isolate it themselves. */
export function TextPieces({ text }: { text: string }) {
  return splitCodePoints(text).map((piece) => {
    if (piece.kind === 'plain') return <Fragment key={piece.at}>{piece.text}</Fragment>;
    return (
      <span key={piece.at} className={css['codepoint']} title="A character that cannot be seen or looks like another">
        {piece.badge}
      </span>
    );
  });
}
