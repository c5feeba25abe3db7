import { useState } from "react";
import { Badge, Tag } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Checkbox, RadioCards } from "../../ui/choices.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { SearchField, Select, TextArea, TextField } from "../../ui/field.tsx";
import { Id } from "../../ui/id.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { MoreMenu } from "../../ui/menu.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";

const nothing = () => undefined;

function Buttons() {
  return (
    <MarginBlock title="Buttons" help="Primary is ink, one per page. What cannot be pressed says why.">
      <div className="filters">
        <Button variant="primary" icon="plus" shortcut="C" onPress={() => toast("Client created")}>
          Create client
        </Button>
        <Button icon="download" onPress={() => toast("Client disabled", () => toast("Undone"))}>
          Disable with undo
        </Button>
        <Button variant="quiet" icon="columns" onPress={nothing}>
          Columns
        </Button>
        <Button variant="danger" onPress={nothing}>
          Delete client
        </Button>
        <Button disabledReason="The old secret was used 38 s ago" onPress={nothing}>
          Retire old secret now
        </Button>
        <Button variant="primary" pending onPress={nothing}>
          Creating
        </Button>
      </div>
      <div className="filters">
        <Button size="compact" icon="plus" onPress={nothing}>
          Add secret
        </Button>
        <Button size="compact" variant="quiet" onPress={nothing}>
          Change
        </Button>
        <CopyButton value="words" what="client ID" look="secondary" />
        <IconButton icon="rotate" label="Rotate secret" onPress={nothing} />
        <IconButton icon="settings" label="Settings" onPress={nothing} />
        <MoreMenu
          label="Actions for invoice-renderer"
          entries={[
            { id: "copy", label: "Copy as link", icon: "copy", onAction: nothing },
            { id: "edit", label: "Rename", icon: "edit", shortcut: "E", onAction: nothing },
            { id: "off", label: "Disable", icon: "power", disabledReason: "Only admins may", onAction: nothing },
            "line",
            { id: "delete", label: "Delete", icon: "trash", danger: true, onAction: nothing },
          ]}
        />
        <Kbd keys="⌘K" />
      </div>
    </MarginBlock>
  );
}

function Fields() {
  const [name, setName] = useState("invoice renderer");
  const [find, setFind] = useState("");
  const [kind, setKind] = useState("service");
  const [proof, setProof] = useState<"secret" | "key">("secret");
  const [days, setDays] = useState<"never" | "1" | "7" | "30" | "90" | "365">("90");
  const [ticked, setTicked] = useState(true);
  return (
    <MarginBlock title="Fields" help="Label above, help and error under, tied to the control.">
      <div className="filters">
        <SearchField
          label="Search clients"
          value={find}
          onChange={setFind}
          placeholder="Name, ID, scope, owner or address"
          end={<Kbd keys="/" />}
        />
        <Button icon="filter" onPress={nothing}>
          Filter
        </Button>
      </div>
      <TextField label="Name" value={name} onChange={setName} help="What your team calls the service." />
      <TextField
        label="Scope"
        mono
        value="ledger write"
        onChange={nothing}
        error="A scope cannot hold a space, because spaces separate scopes. Use letters, digits, : . _ - or /."
      />
      <TextField label="Issuer" mono value="https://auth.acme.example/acme" onChange={nothing} disabled />
      <TextArea label="Description" optional value="" onChange={nothing} placeholder="What it is for, whom to ask" />
      <Select
        label="Type"
        value={kind}
        onChange={setKind}
        choices={[
          { value: "service", label: "Service" },
          { value: "job", label: "Scheduled job" },
        ]}
      />
      <RadioCards
        label="How does it prove who it is?"
        value={proof}
        onChange={setProof}
        choices={[
          { value: "secret", label: "Client secret", help: "Works everywhere; someone must keep it safe." },
          { value: "key", label: "Key pair", help: "We never see the private half; needs a library." },
        ]}
      />
      <RadioCards
        look="presets"
        label="Secret expires"
        value={days}
        onChange={setDays}
        choices={[
          { value: "never", label: "Never" },
          { value: "1", label: "1 day" },
          { value: "7", label: "7 days" },
          { value: "30", label: "30 days" },
          { value: "90", label: "90 days" },
          { value: "365", label: "365 days" },
        ]}
      />
      <div className="filters">
        <Checkbox checked={ticked} onChange={setTicked} help="Nobody can show it again.">
          I stored this secret
        </Checkbox>
        <Checkbox checked="mixed" onChange={nothing}>
          Some of them
        </Checkbox>
        <Checkbox checked={false} disabled onChange={nothing}>
          Not yours
        </Checkbox>
      </div>
    </MarginBlock>
  );
}

function Words() {
  return (
    <MarginBlock title="Badges, ids and times" help="Shape before colour: each status is told in greyscale.">
      <div className="filters">
        <Badge status="active">Active</Badge>
        <Badge status="attention">Expiring</Badge>
        <Badge status="transition">Rotating, 62%</Badge>
        <Badge status="broken">Secret expired</Badge>
        <Badge status="off">Disabled</Badge>
        <Badge status="never">Never used</Badge>
      </div>
      <div className="filters">
        <Badge filled status="active">
          Active
        </Badge>
        <Badge filled status="transition">
          Rotating, 62% moved
        </Badge>
        <Badge filled status="broken">
          Secret expired
        </Badge>
        <Badge filled status="off">
          Disabled
        </Badge>
        <Tag mono>private_key_jwt</Tag>
        <Tag>env: prod</Tag>
        <span className="live">
          <span className="dot" />
          Listening
        </span>
      </div>
      <div className="meta">
        <Id id="cli_Wb41nZpa6QvT" what="client ID" />
        <span>
          Owner <b>Billing platform</b>
        </span>
        <span>
          Last token{" "}
          <b>
            <Time at={Date.now() - 9000} />
          </b>
        </span>
      </div>
    </MarginBlock>
  );
}

export function Basics() {
  return (
    <>
      <Buttons />
      <Words />
      <Fields />
    </>
  );
}
