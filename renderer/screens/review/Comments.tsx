import { useRef, useState, type RefObject } from 'react';
import type { PendingDetail } from '../../../shared/domain/pending-change.ts';
import { errorOf, useCommandCall } from '../../api/query-call.ts';
import { useInfo } from '../../app/use-info.ts';
import { useNow } from '../../app/use-now.ts';
import { useBindCommands } from '../../commands/store.tsx';
import { Button } from '../../components/Button.tsx';
import { DataText } from '../../components/DataText.tsx';
import { FailureBanner } from '../../components/Failure.tsx';
import { KeyCaps } from '../../components/KeyCaps.tsx';
import { momentOf } from '../../words/dates.ts';
import { InspectorSection } from './InspectorSection.tsx';
import css from './Comments.module.css';

const longestComment = 4_000;

/** What people said about a record, and a box for saying more. */
export function Comments({ detail }: { detail: PendingDetail }) {
  const now = useNow();
  const readOnly = useInfo()?.readOnly ?? true;
  const box = useRef<HTMLTextAreaElement>(null);
  useBindCommands({ comment: { run: () => box.current?.focus(), off: readOnly ? 'Read only: comments cannot be added here.' : null } });
  return (
    <InspectorSection title="Comments" meta={detail.comments.length === 0 ? 'none yet' : String(detail.comments.length)}>
      <div className={css['comments']}>
        {detail.comments.length > 0 && (
          <ol aria-label="Comments">
            {detail.comments.map((comment) => (
              <li key={comment.seq}>
                <p className={css['by']}>
                  <b>
                    <DataText text={comment.actor} />
                  </b>{' '}
                  <time dateTime={comment.at} title={comment.at}>
                    {momentOf(comment.at, now)}
                  </time>
                  {!comment.isAboutThis && ' about an earlier proposal'}
                </p>
                <p className={css['text']}>
                  <DataText text={comment.text} />
                </p>
              </li>
            ))}
          </ol>
        )}
        {readOnly ? <p className="muted small">Read only: comments cannot be added here.</p> : <CommentBox detail={detail} box={box} />}
      </div>
    </InspectorSection>
  );
}

/** The box stays while the record in it changes, so that the focus does; every record has its own draft. */
function CommentBox({ detail, box }: { detail: PendingDetail; box: RefObject<HTMLTextAreaElement | null> }) {
  const draftKey = `comment ${detail.kind} ${detail.key}`;
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const text = drafts[draftKey] ?? sessionStorage.getItem(draftKey) ?? '';
  const { mutate, error, isPending, variables } = useCommandCall('comment.add');
  const isEmpty = text.trim() === '';
  const write = (next: string) => {
    setDrafts((all) => ({ ...all, [draftKey]: next }));
    if (next === '') sessionStorage.removeItem(draftKey);
    else sessionStorage.setItem(draftKey, next);
  };
  const add = () => {
    if (isEmpty || isPending) return;
    mutate({ item: { key: detail.key, kind: detail.kind }, text }, { onSuccess: () => write('') });
  };
  return (
    <div className={css['box']}>
      {error && variables.item.key === detail.key && <FailureBanner what="The comment could not be added" error={errorOf(error)} />}
      <label>
        <span className="field-label">
          Comment <KeyCaps keys="c" />
        </span>
        <textarea
          ref={box}
          className="input"
          aria-label="Comment"
          rows={2}
          maxLength={longestComment}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) add();
          }}
        />
      </label>
      <Button size="small" off={isEmpty ? 'Write a comment first.' : isPending ? 'The comment is being added.' : null} onClick={add} keys={<KeyCaps keys="$mod+Enter" />}>
        Add comment
      </Button>
    </div>
  );
}
