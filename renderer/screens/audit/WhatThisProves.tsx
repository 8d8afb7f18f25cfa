import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';

/** What an intact chain shows, what its anchor adds, and what neither can. */
export function WhatThisProves({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="What this proves" onClose={onClose} buttons={<Button onClick={onClose}>Close</Button>}>
      <p>Each event holds the hash of the one before. An intact chain shows that no event was edited, deleted, inserted, reordered or cut off behind the last signed checkpoint since it was written.</p>
      <p>An anchor is a copy of the head of the chain that is kept in the warehouse. While it agrees, everything up to it is what was written then, also against somebody who holds the signing key of this ledger. Events after the last anchor do not have this witness yet.</p>
      <p>Neither shows that what was written was true when it was written. Where the warehouse is on this machine, whoever can change the ledger can change its anchor too.</p>
    </Dialog>
  );
}
