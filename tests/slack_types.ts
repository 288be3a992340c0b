// What Slack takes, as its own types say; made into JSON schemas by tests/slack_schemas.py.
import type { HomeView, KnownBlock, ModalView } from "@slack/types";

// The types allow any block besides the known ones; we send none but those.
export type Modal = Omit<ModalView, "blocks"> & { blocks: KnownBlock[] };
export type Home = Omit<HomeView, "blocks"> & { blocks: KnownBlock[] };
export type Message = { text: string; blocks: KnownBlock[] };
