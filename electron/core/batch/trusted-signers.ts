import type { SignedApproval } from '../../../shared/domain/plan-file.ts';
import { refusal } from '../app-failure.ts';
import { fingerprintOf } from '../signature.ts';
import { isSamePerson, type BatchDeps } from './batch-deps.ts';
import { isKeyListed } from './signed-approval.ts';

/** A key that was pinned for a name; the log is where it is kept. */
interface Pinned {
  name: string;
  fingerprint: string;
}

/** How many pinned keys are looked through. */
const mostPinned = 10_000;

/**
 * Says whether the key of an approval may speak for the name it was signed with.
 *
 * Shape:  `known` when it is the one pinned for the name, `new` when it would be the first. Where the policy lists keys, a
 *         listed one also follows a pinned one that is not listed any more: somebody has a new installation.
 * Errors: `refused`: `self-approval` for this ledger's own key, which is no second person's; `unknown-signer` for a key that the
 *         policy does not list, that is pinned for another name, or where another is pinned for this name.
 */
export async function judgeSigner(deps: BatchDeps, { statement, publicKey }: SignedApproval): Promise<'known' | 'new'> {
  const { signer } = statement;
  const fingerprint = fingerprintOf(publicKey);
  const details = { signer, fingerprint };
  if (publicKey === (await deps.ledger.publicKey())) {
    throw refusal('self-approval', `This approval was signed by this installation itself, which is no second person. ${signer} approves elsewhere, or here with batch approve.`, details);
  }
  const pinned = await readPinned(deps);
  const owner = pinned.find((one) => one.fingerprint === fingerprint && !isSamePerson(one.name, signer));
  if (owner) throw refusal('unknown-signer', `The key ${fingerprint} is that of ${owner.name}, not of ${signer}. One key is one person's.`, { ...details, owner: owner.name });
  if (!isKeyListed(deps.policy, deps.org.environment === 'production', fingerprint)) {
    const why = deps.policy.approverKeys.length === 0 ? 'For a production org the policy must list the keys of the approvers' : 'The policy does not list it among the keys of the approvers';
    throw refusal('unknown-signer', `The key ${fingerprint} of ${signer} is not accepted. ${why}. Compare it with ${signer}, then add it to the policy.`, details);
  }
  const current = pinned.find(({ name }) => isSamePerson(name, signer));
  if (current === undefined) return 'new';
  if (current.fingerprint === fingerprint) return 'known';
  if (deps.policy.approverKeys.length > 0 && !deps.policy.approverKeys.includes(current.fingerprint)) return 'new';
  throw refusal('unknown-signer', `${signer} has signed with the key ${current.fingerprint} before, and this is the key ${fingerprint}. Ask ${signer}; a new installation has a new key, which the policy must then list instead of the old one.`, { ...details, pinned: current.fingerprint });
}

/** Newest first. */
async function readPinned({ ledger }: Pick<BatchDeps, 'ledger'>): Promise<Pinned[]> {
  const { events } = await ledger.events({ type: 'signer.trusted', limit: mostPinned });
  return events.map(({ data }) => ({ name: String(data['name']), fingerprint: String(data['fingerprint']) }));
}
