// Made by `make schema` from schema.graphql and operations/. Do not edit.
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A 64-bit integer as a string of digits. */
  BigInt: { input: string; output: string; }
  /** A calendar day in ISO-8601; a zone field beside it says whose day. */
  Date: { input: string; output: string; }
  /** An instant in ISO-8601, in UTC. */
  DateTime: { input: string; output: string; }
  /** A decimal number as a string, such as "12.50"; never a float. */
  Decimal: { input: string; output: string; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
  /** Whole base units as a JSON integer, exact up to 2^53 - 1. */
  Quantity: { input: number; output: number; }
  /** A time of day in ISO-8601; a day and a zone beside it say which. */
  Time: { input: string; output: string; }
};

/** One shop on one marketplace. */
export type Account = Editable & Node & {
  /** Whether it may ask its platform; null where nobody tried yet. */
  authorization: Maybe<AccountAuthorization>;
  /** What it came with; null before that is known, or where the reader may not see alerts or all of the stock. */
  baseline: Maybe<AccountBaseline>;
  /** When its first warning cycle set the baseline. */
  baselineAt: Maybe<Scalars['DateTime']['output']>;
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** The currency it sells in, ISO 4217. */
  currency: Scalars['String']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** Its ids in other systems, such as the ERP's own. */
  externalRefs: Array<ExternalRef>;
  /** How fresh its data are, a feed for each kind. */
  feeds: Array<Feed>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it is read. */
  isActive: Scalars['Boolean']['output'];
  /** The marketplace: plugins bring them. */
  marketplace: Slugged;
  /** Whether anything is pushed to the platform. */
  mode: AccountMode;
  /** Its name. */
  name: Scalars['String']['output'];
  /** When its orders take stock. */
  reduceOn: ReduceOn;
  /** The marketplace's site, such as US, or empty. */
  site: Scalars['String']['output'];
  /** IANA zone of its business days. */
  timeZone: Scalars['String']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
  /** The path of its webhooks' address, for the platform; empty where it pushes nothing. */
  webhookPath: Scalars['String']['output'];
};

/** Whether an account may ask its platform, and for how long. Tokens are never told. */
export type AccountAuthorization = {
  /** Until when the present token holds; it is renewed before. */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** When it was lost. */
  lostAt: Maybe<Scalars['DateTime']['output']>;
  /** Why it was lost, with what to do, in the language of the request; empty otherwise. */
  reason: Scalars['String']['output'];
  /** The reason as a word for programs; empty where there is none. */
  reasonCode: Scalars['String']['output'];
  /** Until when it can be renewed; null where there is no end. */
  refreshExpiresAt: Maybe<Scalars['DateTime']['output']>;
  /** What the platform allows, in its own words. */
  scope: Scalars['String']['output'];
  /** Whether it may. */
  state: AuthorizationState;
  /** The shop or seller, as the platform calls it; empty where it did not say. */
  subject: Scalars['String']['output'];
};

/** An account that a person authorises in the browser. */
export type AccountAuthorizeStartInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
};

/** Where a person authorises the account, or why nothing was begun. */
export type AccountAuthorizeStartPayload = {
  /** Expected failures; nothing was begun where there are any. */
  errors: Array<UserError>;
  /** The address to open in the browser in which this user is signed in here. It holds for ten minutes and is taken once. */
  url: Maybe<Scalars['String']['output']>;
};

/** What was there when an account was new, summed up. It is not counted anew as its alerts are dealt with. */
export type AccountBaseline = {
  /** The page of the admin with what of it is still open. */
  inboxPath: Scalars['String']['output'];
  /** By kind, the gravest first. */
  kinds: Array<BaselineKind>;
  /** By level, the gravest first. */
  levels: Array<BaselineLevel>;
  /** What was at stake, of each SKU and pool the worst alert, in the base currency of then; null where none was valued. */
  money: Maybe<Money>;
  /** How many alerts. */
  totalCount: Scalars['Int']['output'];
};

/** An account to connect: made where there is none with its code, read-only. What is not sent stays. */
export type AccountConnectInput = {
  /** The code of a browser's authorisation that was made elsewhere; empty where the configuration suffices. */
  authorizationCode?: Scalars['String']['input'];
  /** The account's code, of 1 to 60 characters. */
  code: Scalars['String']['input'];
  /** What its connector needs, secrets among it, as an object of all public values. A secret that is left out or empty stays; none ever comes out. */
  config?: InputMaybe<Scalars['JSON']['input']>;
  /** The version that the change was made from. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The slug of its connector. */
  marketplace?: InputMaybe<Scalars['String']['input']>;
  /** Its name; the code where it is new and none is sent. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The marketplace's site, such as US. */
  site?: InputMaybe<Scalars['String']['input']>;
};

/** A page of a list, with cursors to go on from. */
export type AccountConnection = {
  /** Contains the nodes in this connection */
  edges: Array<AccountEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** The account as it is now with a test of its connection, or why nothing was done. */
export type AccountConnectionPayload = {
  /** The account; null where there are errors. */
  account: Maybe<Account>;
  /** What the platform answered. Null where there are errors. */
  connection: Maybe<ConnectionTest>;
  /** What is wrong with the input; nothing was done where there is anything. */
  errors: Array<UserError>;
};

/** An account that is read no more. */
export type AccountDisconnectInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
};

/** The account as it is now, or why it was not disconnected. */
export type AccountDisconnectPayload = {
  /** The account; null where there are errors. */
  account: Maybe<Account>;
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
};

/** An edge in a connection. */
export type AccountEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Account;
};

/** Whether anything is pushed to the platform. */
export type AccountMode =
  /** Read only: nothing is pushed to the platform */
  | 'READ_ONLY'
  /** Stock and prices are pushed */
  | 'WRITE';

/** A SKU on one account. */
export type AccountSales = {
  /** The account's code. */
  account: Scalars['String']['output'];
  /** Units that its pools have to sell; other accounts may take them first. */
  availableQty: Scalars['Quantity']['output'];
  /** Units sold a day, over the last 30 days. */
  dailySales: Metric;
  /** How far its orders are known; null where none ever came. */
  dataUntilAt: Maybe<Scalars['DateTime']['output']>;
  /** The account's name. */
  name: Scalars['String']['output'];
  /** The codes of the pools that serve it, the one that is taken from first in front. */
  pools: Array<Scalars['String']['output']>;
  /** Units sold in the last 30 days. */
  sold30Qty: Metric;
};

/** An account. */
export type AccountTestInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
};

/** Warehouses of the platform to make here. */
export type AccountWarehousesAdoptInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** Codes as a test of the connection offers them, at most 1,000. */
  codes: Array<Scalars['String']['input']>;
};

/** The warehouses, or why none was made. */
export type AccountWarehousesAdoptPayload = {
  /** Expected failures; none was made where there are any. */
  errors: Array<UserError>;
  /** All that were named, those that were here before among them. */
  warehouses: Array<Warehouse>;
};

/** What an action of Today is. */
export type ActionKind =
  /** Order */
  | 'ORDER'
  /** As the alert asks */
  | 'OTHER'
  /** Promotion */
  | 'PROMOTION'
  /** As the rule proposes */
  | 'PROPOSAL'
  /** Purchase pause */
  | 'PURCHASE_PAUSE'
  /** Slow the sale down */
  | 'SLOW_SALE'
  /** Transfer */
  | 'TRANSFER';

/** Units of an age. */
export type AgeBracket = {
  /** The first day of age. */
  firstDay: Scalars['Int']['output'];
  /** The last; null where it has no end. */
  lastDay: Maybe<Scalars['Int']['output']>;
  /** Units of that age. */
  units: Scalars['Quantity']['output'];
};

/** Stock of one age. */
export type AgeBucketValue = {
  /** Its ages in days, such as 91-180; the last has no end. */
  days: Scalars['String']['output'];
  /** Units of lots whose cost is unknown: they are in no value. */
  uncostedQty: Scalars['Quantity']['output'];
  /** What the units whose cost is known had cost. */
  valueAmount: Money;
  /** Units whose cost is known. */
  valuedQty: Scalars['Quantity']['output'];
};

/** What is wrong: at most one that is not resolved for each kind and subject. */
export type Alert = Node & {
  /** By when somebody has to have seen it; null without a clock. */
  acknowledgeByAt: Maybe<Scalars['DateTime']['output']>;
  /** When somebody said that he had seen it. */
  acknowledgedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who had seen it, or empty. */
  acknowledgedBy: Scalars['String']['output'];
  /** Units available when it was last judged. */
  actualStock: Metric;
  /** Days from `asOf` until it is too late; below zero where it is too late already. */
  dueInDays: Metric;
  /** The last day on which acting helps; a day of the pool's zone. */
  dueOn: Maybe<Scalars['Date']['output']>;
  /** Who heard of it last because it was overdue. */
  escalatedTo: Maybe<Person>;
  /** The moment whose facts its numbers were made of. */
  evaluatedAt: Scalars['DateTime']['output'];
  /** Why it was wrong; null where nobody said that it was. */
  falseAlarmCause: Maybe<FalseAlarmCause>;
  /** One line about it, in the language of the request. */
  headline: Scalars['String']['output'];
  /** Why nothing may act on it by itself: IN_DISPUTE while its stock is in dispute, DONOR_IN_DISPUTE while that of the pool is that units would be moved from, DOUBTFUL_DATA where its data contradict each other or are old; null where something may. */
  heldReason: Maybe<Scalars['String']['output']>;
  /** Every step in its life, from the first on. */
  history: Array<AlertEvent>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What it has in common with others; null where nothing, or the user sees not all of them. */
  incident: Maybe<Incident>;
  /** Whether it was there when its account was new. */
  isBaseline: Scalars['Boolean']['output'];
  /** Whether it is past a clock that still runs. */
  isOverdue: Scalars['Boolean']['output'];
  /** Which rule raised it: plugins add kinds. Its severity is the alert's level. */
  kind: Slugged;
  /** From 1 (notice) to 3 (act now). */
  level: Scalars['Int']['output'];
  /** Since when it has its level. */
  levelSinceAt: Scalars['DateTime']['output'];
  /** Which live rooms and authors sell its SKU, the most units first; none where it is not about a burst. */
  liveSellers: Array<LiveSeller>;
  /** Words of alerts that are not about numbers, or empty. */
  message: Scalars['String']['output'];
  /** What ignoring it costs, in the base currency. */
  money: Metric;
  /** When it was found. */
  openedAt: Scalars['DateTime']['output'];
  /** What became of it: every version of each time that it was raised. */
  outcomes: Array<AlertOutcome>;
  /** Who has to deal with it. */
  owner: Maybe<Person>;
  /** The stock that it is about. */
  pool: Maybe<StockPool>;
  /** Units at the end of the time that its rule looks ahead; below zero where missing. */
  projectedStock: Metric;
  /** What the rule proposes and why, in the language of the request; empty where nothing. */
  proposal: Scalars['String']['output'];
  /** What the proposal of an alert about too much brings against leaving the stock alone, in the base currency, or why nobody can tell; null where it proposes nothing that money could tell. */
  proposalEffect: Maybe<Metric>;
  /** Promotion, transfer and purchase pause, each with its money; none where it is not about too much of a SKU. */
  remedies: Array<Remedy>;
  /** How it was dealt with, or empty. */
  resolution: Scalars['String']['output'];
  /** By when it has to be settled; null without a clock. */
  resolveByAt: Maybe<Scalars['DateTime']['output']>;
  /** When it was dealt with, or went away. */
  resolvedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who dealt with it, or empty. */
  resolvedBy: Scalars['String']['output'];
  /** What it asks people to do; empty below level 2. */
  responseSteps: Array<ResponseStep>;
  /** The part of that which the best action of now still saves, in the base currency. */
  saving: Metric;
  /** Shortage, excess or data. */
  side: Side;
  /** The SKU, where it is about one. */
  sku: Maybe<Sku>;
  /** Why it is left alone, or empty. */
  snoozeReason: Scalars['String']['output'];
  /** Until when it is left alone. */
  snoozedUntilAt: Maybe<Scalars['DateTime']['output']>;
  /** When somebody went to work on it. */
  startedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who did, or null. */
  startedBy: Maybe<Scalars['String']['output']>;
  /** Where it stands, or how it ended. */
  state: AlertState;
  /** What has been done about it. */
  status: AlertStatus;
  /** What it is about: <SKU id>:<pool id>, rule:<slug> or account:<id>. */
  subject: Scalars['String']['output'];
  /** Which substitutes of its SKU its pool has stock of, the most units first; none where it is not about a shortage. */
  substitutes: Array<Substitute>;
  /** Units to order, or to move, where the rule suggests any. */
  suggestedQty: Metric;
  /** Seconds from opening to being seen; null while nobody has. */
  timeToAcknowledge: Maybe<Scalars['Int']['output']>;
  /** Seconds from opening to being resolved; null while it is not. */
  timeToResolve: Maybe<Scalars['Int']['output']>;
  /** Seconds from opening to the start of work; null while nobody has begun. */
  timeToStart: Maybe<Scalars['Int']['output']>;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** The number that it is about. */
  value: Metric;
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Says that somebody has seen alerts and is at them. */
export type AlertAcknowledgeInput = {
  /** The version that the decision was made from; with one alert only. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The alerts' ids, at most 1,000: the step is taken with all of them or with none. */
  ids: Array<Scalars['ID']['input']>;
};

/** A page of a list, with cursors to go on from. */
export type AlertConnection = {
  /** Contains the nodes in this connection */
  edges: Array<AlertEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type AlertEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Alert;
};

/** One step in an alert's life. */
export type AlertEvent = {
  /** Who took it: a user, or a cycle. */
  actor: Scalars['String']['output'];
  /** The alert's level after it. */
  level: Scalars['Int']['output'];
  /** Why, in words, or empty. */
  note: Scalars['String']['output'];
  /** When. */
  occurredAt: Scalars['DateTime']['output'];
  /** opened, raised, lowered, acknowledged, started, snoozed, woken, assigned, escalated, joined, resolved, expired or false_alarm. */
  what: Scalars['String']['output'];
};

/** How many alerts there are of each value, the most frequent first; at most a hundred values. */
export type AlertFacet = {
  /** What they are counted by. */
  name: AlertFacetName;
  /** The values that occur. */
  values: Array<AlertFacetValue>;
};

/** What alerts are counted by. */
export type AlertFacetName =
  /** Category */
  | 'CATEGORY'
  /** Incident */
  | 'INCIDENT'
  /** Kind */
  | 'KIND'
  /** Level */
  | 'LEVEL'
  /** Owner */
  | 'OWNER'
  /** Pool */
  | 'POOL'
  /** Side */
  | 'SIDE'
  /** Stage */
  | 'STAGE'
  /** State */
  | 'STATE';

/** One value of a facet and how many alerts have it. */
export type AlertFacetValue = {
  /** Alerts that have it. */
  count: Scalars['Int']['output'];
  /** What the filter of that name takes. */
  value: Scalars['String']['output'];
};

/** What narrows the inbox. An absent field narrows nothing; several fields hold together. */
export type AlertFilter = {
  /** Of the account with this code, or in a pool that serves it. */
  account?: InputMaybe<Scalars['String']['input']>;
  /** Of a SKU in the category with this code or beneath it. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** Of this incident. */
  incident?: InputMaybe<Scalars['ID']['input']>;
  /** Past a clock that still runs, or not. */
  isOverdue?: InputMaybe<Scalars['Boolean']['input']>;
  /** Of these kinds, by slug. */
  kinds?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Of one of these levels. */
  levels?: InputMaybe<Array<Scalars['Int']['input']>>;
  /** With at least so much at stake, in the base currency. */
  minMoney?: InputMaybe<Scalars['Decimal']['input']>;
  /** Opened before this instant. */
  openedBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Opened at or after this instant. */
  openedSince?: InputMaybe<Scalars['DateTime']['input']>;
  /** Of the user with this name; empty: of nobody. */
  owner?: InputMaybe<Scalars['String']['input']>;
  /** In the pool with this code. */
  pool?: InputMaybe<Scalars['String']['input']>;
  /** Whose SKU's code or name, subject or message has this in it. */
  search?: InputMaybe<Scalars['String']['input']>;
  /** Of this side. */
  side?: InputMaybe<Side>;
  /** Of a SKU in the stage with this slug. */
  stage?: InputMaybe<Scalars['String']['input']>;
  /** In one of these states; absent: not resolved. */
  states?: InputMaybe<Array<AlertState>>;
};

/** What comes first in a list of alerts. */
export type AlertOrder =
  /** To be settled soonest */
  | 'DUE'
  /** Latest opened */
  | 'LATEST'
  /** Worst level */
  | 'LEVEL'
  /** Most money at stake */
  | 'MONEY'
  /** Most money that an action saves */
  | 'SAVING';

/** What became of an alert as it was raised on a day. */
export type AlertOutcome = {
  /** The days after `raisedOn` in which it could come true. */
  horizonDays: Scalars['Int']['output'];
  /** Whether the fastest delivery would have come in time; null where nothing came. */
  isActionable: Maybe<Scalars['Boolean']['output']>;
  /** Whether it is what is known now. */
  isCurrent: Scalars['Boolean']['output'];
  /** How many days ahead it did. */
  leadDays: Maybe<Scalars['Int']['output']>;
  /** The first day of the stock-out that it foresaw. */
  onsetOn: Maybe<Scalars['Date']['output']>;
  /** What became of it. */
  outcome: Outcome;
  /** The day: of its opening, or a later one on which it was still open and so counts again. */
  raisedOn: Scalars['Date']['output'];
  /** Why this version was written. */
  reason: LabelReason;
  /** When it was written. */
  recordedAt: Scalars['DateTime']['output'];
  /** 1, and one more whenever late facts said otherwise. */
  version: Scalars['Int']['output'];
};

/** Says that alerts are dealt with. */
export type AlertResolveInput = {
  /** The version that the decision was made from; with one alert only. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The alerts' ids, at most 1,000: the step is taken with all of them or with none. */
  ids: Array<Scalars['ID']['input']>;
  /** How they were dealt with. */
  resolution: Scalars['String']['input'];
};

/** Takes alerts out of Today until a moment, or until they get worse. */
export type AlertSnoozeInput = {
  /** The version that the decision was made from; with one alert only. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The alerts' ids, at most 1,000: the step is taken with all of them or with none. */
  ids: Array<Scalars['ID']['input']>;
  /** Why: what the next person reads. */
  reason: Scalars['String']['input'];
  /** Until when. */
  untilAt: Scalars['DateTime']['input'];
};

/** Where an alert stands, or how it ended. */
export type AlertState =
  /** Acknowledged */
  | 'ACKNOWLEDGED'
  /** Expired */
  | 'EXPIRED'
  /** False alarm */
  | 'FALSE_ALARM'
  /** In progress */
  | 'IN_PROGRESS'
  /** Open */
  | 'OPEN'
  /** Resolved */
  | 'RESOLVED'
  /** Snoozed */
  | 'SNOOZED';

/** What has been done about an alert. */
export type AlertStatus =
  /** Acknowledged */
  | 'ACKNOWLEDGED'
  /** In progress */
  | 'IN_PROGRESS'
  /** Open */
  | 'OPEN'
  /** Resolved */
  | 'RESOLVED'
  /** Snoozed */
  | 'SNOOZED';

/** A step that a person takes with alerts. */
export type AlertStep =
  /** Acknowledge */
  | 'ACKNOWLEDGE'
  /** Assign */
  | 'ASSIGN'
  /** Mark as a false alarm */
  | 'FALSE_ALARM'
  /** Resolve */
  | 'RESOLVE'
  /** Snooze */
  | 'SNOOZE'
  /** Start */
  | 'START';

/** What became of one alert of a step. */
export type AlertStepOutcome = {
  /** The alert as it is now; null where there is none that the user sees. */
  alert: Maybe<Alert>;
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** Whether it was changed; false where the step had been taken before, or was refused. */
  isChanged: Scalars['Boolean']['output'];
};

/** One alert that a step is taken with. */
export type AlertStepRow = {
  /** The version that the decision was made from. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The alert's id. */
  id: Scalars['ID']['input'];
};

/** What became of each alert, or why nothing was done. */
export type AlertStepsPayload = {
  /** Failures of the whole; nothing was done where there are any. */
  errors: Array<UserError>;
  /** One for each row, in their order. */
  results: Array<AlertStepOutcome>;
};

/** A step with many alerts: each is taken or refused for itself, and sending it again changes nothing. */
export type AlertStepsSubmitInput = {
  /** FALSE_ALARM: why they were wrong. */
  cause?: InputMaybe<FalseAlarmCause>;
  /** FALSE_ALARM: more about it. */
  note?: InputMaybe<Scalars['String']['input']>;
  /** ASSIGN: the user's name. */
  owner?: InputMaybe<Scalars['String']['input']>;
  /** SNOOZE: why. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** RESOLVE: how they were dealt with. */
  resolution?: InputMaybe<Scalars['String']['input']>;
  /** The alerts, at most 1,000. */
  rows: Array<AlertStepRow>;
  /** Which step. */
  step: AlertStep;
  /** SNOOZE: until when. */
  untilAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Who is told of which alerts; empty lists mean all. */
export type AlertSubscription = Node & {
  /** Codes of the accounts. */
  accounts: Array<Scalars['String']['output']>;
  /** Codes of the categories, with all beneath them. */
  categories: Array<Scalars['String']['output']>;
  /** The endpoint that is told; null where a person or a role is. */
  endpoint: Maybe<Endpoint>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it holds. */
  isActive: Scalars['Boolean']['output'];
  /** Slugs of the kinds. */
  kinds: Array<Scalars['String']['output']>;
  /** Up to this level. */
  maxLevel: Scalars['Int']['output'];
  /** From this level on. */
  minLevel: Scalars['Int']['output'];
  /** What it is for, or empty. */
  name: Scalars['String']['output'];
  /** Codes of the pools. */
  pools: Array<Scalars['String']['output']>;
  /** The role whose members are told, each of what he may see. */
  role: Maybe<Scalars['String']['output']>;
  /** The sides. */
  sides: Array<Side>;
  /** The person who is told, of what he may see. */
  user: Maybe<Person>;
};

/** A page of a list, with cursors to go on from. */
export type AlertSubscriptionConnection = {
  /** Contains the nodes in this connection */
  edges: Array<AlertSubscriptionEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A subscription. */
export type AlertSubscriptionDeleteInput = {
  /** The subscription's id. */
  id: Scalars['ID']['input'];
};

/** An edge in a connection. */
export type AlertSubscriptionEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: AlertSubscription;
};

/** The subscription as it is now, or why nothing was done. */
export type AlertSubscriptionPayload = {
  /** The subscription; null where there are errors, and where it is deleted. */
  alertSubscription: Maybe<AlertSubscription>;
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
};

/** Who is told of which alerts: made where no id is given. What is not sent stays; empty lists mean all. */
export type AlertSubscriptionUpsertInput = {
  /** Only these accounts, by code. */
  accounts?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Only these categories and all beneath them, by code. */
  categories?: InputMaybe<Array<Scalars['String']['input']>>;
  /** A new one's target: an endpoint. Without any: oneself. */
  endpoint?: InputMaybe<Scalars['ID']['input']>;
  /** The subscription's id; without one, a new one is made. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** Whether it holds. */
  isActive?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only these kinds, by slug. */
  kinds?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Up to this level, 1 to 3. */
  maxLevel?: InputMaybe<Scalars['Int']['input']>;
  /** From this level on, 1 to 3. */
  minLevel?: InputMaybe<Scalars['Int']['input']>;
  /** What it is for. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** Only these pools, by code. */
  pools?: InputMaybe<Array<Scalars['String']['input']>>;
  /** A new one's target: everybody in a role, such as purchasing. */
  role?: InputMaybe<Scalars['String']['input']>;
  /** Only these sides. */
  sides?: InputMaybe<Array<Side>>;
  /** A new one's target: a user by his name at login. */
  username?: InputMaybe<Scalars['String']['input']>;
};

/** The alerts as they are now, or why nothing was done. */
export type AlertsPayload = {
  /** The alerts, in the order of their numbers; empty where there are errors. */
  alerts: Array<Alert>;
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
};

/** Who counts the stock of a warehouse. */
export type Authority =
  /** We count: orders reserve here */
  | 'LEDGER'
  /** The platform counts: its figures are observed */
  | 'SNAPSHOT';

/** Whether an account may ask its platform. */
export type AuthorizationState =
  /** Authorised */
  | 'AUTHORISED'
  /** Disconnected by a person */
  | 'DISCONNECTED'
  /** To be authorised again */
  | 'LOST'
  /** Not authorised yet */
  | 'NONE';

/** The stock of one SKU in one bucket of one warehouse: the sum of its movements. */
export type Balance = Node & {
  /** In which state. */
  bucket: Bucket;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** How many. */
  qty: Scalars['Quantity']['output'];
  /** What. */
  sku: Sku;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Where. */
  warehouse: Warehouse;
};

/** A page of a list, with cursors to go on from. */
export type BalanceConnection = {
  /** Contains the nodes in this connection */
  edges: Array<BalanceEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type BalanceEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Balance;
};

/** How many alerts there were of one kind. */
export type BaselineKind = {
  /** How many. */
  count: Scalars['Int']['output'];
  /** Which rule raised them; its severity is the highest level of them. */
  kind: Slugged;
  /** By level, the gravest first. */
  levels: Array<BaselineLevel>;
  /** What was at stake; null where none was valued. */
  money: Maybe<Money>;
};

/** How many alerts there were of one level. */
export type BaselineLevel = {
  /** How many. */
  count: Scalars['Int']['output'];
  /** From 1 (notice) to 3 (act now). */
  level: Scalars['Int']['output'];
};

/** What a listing shows where its rule gives less than the least. */
export type BelowMin =
  /** The least number */
  | 'MIN'
  /** Nothing */
  | 'ZERO';

/** A state that stock can be in, and what that state counts for. A unit is in exactly one. */
export type Bucket = {
  /** Whether it can leave today. */
  canShipToday: Scalars['Boolean']['output'];
  /** Whether it counts in the inventory position. */
  countsInPosition: Scalars['Boolean']['output'];
  /** Whether it lies in the warehouse. */
  isPhysical: Scalars['Boolean']['output'];
  /** Whether it can be sold. */
  isSellable: Scalars['Boolean']['output'];
  /** The name for a person, in the language of the request. */
  label: Scalars['String']['output'];
  /** Stable name, such as available. */
  slug: Scalars['String']['output'];
};

/** Units of a SKU in one bucket. */
export type BucketQuantity = {
  /** The bucket's slug, such as available. */
  bucket: Scalars['String']['output'];
  /** How many; below 0 where a warehouse allows back-orders and owes some. */
  qty: Scalars['Quantity']['output'];
};

/** A part of a bundle. */
export type BundleComponent = {
  /** The SKU that is taken. */
  component: Sku;
  /** Units of the component that selling one bundle takes. */
  qty: Scalars['Quantity']['output'];
};

/** A part of a bundle. */
export type BundleComponentInput = {
  /** Units of it that selling one bundle takes. */
  qty?: Scalars['Quantity']['input'];
  /** The code of the SKU that is taken. */
  sku: Scalars['String']['input'];
};

/** How a sale goes. */
export type BurstInput = {
  /** Of demand to the price, below 0. */
  elasticity: Scalars['Decimal']['input'];
  /** Units that are to stay. */
  line: Scalars['Decimal']['input'];
  /** Minutes until the end. */
  minutesLeft: Scalars['Decimal']['input'];
  /** Units a minute. */
  rate: Scalars['Decimal']['input'];
  /** Units for sale. */
  stock: Scalars['Decimal']['input'];
};

/** A node of the seller's own category tree. */
export type Category = Editable & Node & {
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** Its ids in other systems, such as the ERP's own. */
  externalRefs: Array<ExternalRef>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Its name. */
  name: Scalars['String']['output'];
  /** The category above it. */
  parent: Maybe<Category>;
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** The turnover of a category in its trade, as somebody published it for a day. */
export type CategoryBenchmark = Node & {
  /** Days since the day that it speaks of; a day of the site's zone. */
  ageDays: Scalars['Int']['output'];
  /** The day that the figure speaks of. */
  asOf: Scalars['Date']['output'];
  /** The category; it holds for all beneath it that has none of its own. */
  category: Category;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it is too old for the rule `turnover-below-norm`, by the age that the rule has for its category, or for all SKUs: it is then named and not used. */
  isOutOfDate: Scalars['Boolean']['output'];
  /** When it was told. */
  recordedAt: Scalars['DateTime']['output'];
  /** Who says so, or empty. */
  source: Scalars['String']['output'];
  /** How often a year stock is sold. */
  turnover: Scalars['Decimal']['output'];
};

/** A page of a list, with cursors to go on from. */
export type CategoryBenchmarkConnection = {
  /** Contains the nodes in this connection */
  edges: Array<CategoryBenchmarkEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type CategoryBenchmarkEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: CategoryBenchmark;
};

/** The turnover of a category in its trade, as it was published for a day. */
export type CategoryBenchmarkInput = {
  /** The day that the figure speaks of; today or earlier. */
  asOf: Scalars['Date']['input'];
  /** The code of the category; it holds for all beneath it that has none of its own. */
  category: Scalars['String']['input'];
  /** Who says so. */
  source?: Scalars['String']['input'];
  /** How often a year stock is sold, from 0 to 366. */
  turnover: Scalars['Decimal']['input'];
};

/** What became of one benchmark. */
export type CategoryBenchmarkRecordResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** What became of it. */
  status: RowStatus;
};

/** Benchmarks of many categories at once. */
export type CategoryBenchmarksRecordInput = {
  /** At most 1,000; a bad row is refused alone. */
  rows: Array<CategoryBenchmarkInput>;
};

/** What became of the benchmarks. */
export type CategoryBenchmarksRecordPayload = {
  /** The change set of all rows, for `changeSetUndo`; null where nothing was changed. */
  changeSetId: Maybe<Scalars['ID']['output']>;
  /** Failures of the whole; nothing was written where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<CategoryBenchmarkRecordResult>;
};

/** A page of a list, with cursors to go on from. */
export type CategoryConnection = {
  /** Contains the nodes in this connection */
  edges: Array<CategoryEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type CategoryEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Category;
};

/** The stage of a category, from the sum of its SKUs and of all beneath it. */
export type CategoryStage = Node & {
  /** Of what. */
  category: Category;
  /** How often in a row the stage found last has been found. */
  consecutive: Scalars['Int']['output'];
  /** The stage found last; null where the week said nothing. */
  evaluated: Maybe<Slugged>;
  /** The numbers that it rests on. */
  evidence: Array<StageEvidence>;
  /** The position of the stage found among the stages, with the formula that gives it; null with the reason where nothing was found. */
  found: Metric;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** How often in a row the stage found last has to be found before it holds; 0 where it holds already. */
  needed: Scalars['Int']['output'];
  /** The slug of the rule that found it. */
  rule: Scalars['String']['output'];
  /** How many of its SKUs, and of those beneath it, are in which stage. */
  shares: Array<StageShare>;
  /** The last day of the week that settled the stage; null where somebody stated it. */
  sinceOn: Maybe<Scalars['Date']['output']>;
  /** How many SKUs it was told from. */
  skuCount: Scalars['Int']['output'];
  /** The stage that the evaluations have settled; null while nothing has ever been told. */
  stage: Maybe<Slugged>;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** The last day of the week that was evaluated last; a day of the site's zone. */
  weekOn: Scalars['Date']['output'];
  /** For how many weeks it has held. */
  weeksInStage: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type CategoryStageConnection = {
  /** Contains the nodes in this connection */
  edges: Array<CategoryStageEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type CategoryStageEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: CategoryStage;
};

/** What a part of a change is put down to. */
export type CauseKind =
  /** SKUs with alerts of a kind */
  | 'ALERT'
  /** A category in a pool */
  | 'CATEGORY'
  /** SKUs of an incident */
  | 'INCIDENT'
  /** Another key figure */
  | 'PART'
  /** A SKU in a pool */
  | 'SKU';

/** Something that happened. `object` is what to read again; nothing in it has to be believed without reading. */
export type Change = {
  /** Who caused it. */
  actor: Scalars['String']['output'];
  /** The id of the request or cycle that caused it, or empty. */
  correlationId: Scalars['String']['output'];
  /** Area and noun of what it happened to, such as catalog.sku. */
  entity: Scalars['String']['output'];
  /** Its number within the entity, as text. */
  entityId: Maybe<Scalars['ID']['output']>;
  /** What happened: <area>.<noun>_<past participle>.v<n>. */
  kind: Slugged;
  /** The id for `node`, where the entity is part of this graph. */
  nodeId: Maybe<Scalars['ID']['output']>;
  /** When it happened. */
  occurredAt: Scalars['DateTime']['output'];
  /** Its numbers; null where they also speak of warehouses that the user does not see. */
  payload: Maybe<Scalars['JSON']['output']>;
  /** When we were told. */
  recordedAt: Scalars['DateTime']['output'];
};

/** Changes in the order in which they were recorded. */
export type ChangeConnection = {
  /** The changes of this page. */
  edges: Array<ChangeEdge>;
  /** `endCursor` is where to go on next time, also where the page is empty; keep it and poll. */
  pageInfo: PageInfo;
};

/** A change and the cursor to go on from. */
export type ChangeEdge = {
  /** Goes on after this change. */
  cursor: Scalars['String']['output'];
  /** The change. */
  node: Change;
};

/** What changed. */
export type ChangeKind =
  /** The stage changed */
  | 'CHANGED'
  /** The first stage */
  | 'FIRST'
  /** Somebody set it by hand for a time */
  | 'OVERRIDDEN'
  /** Another stage is found, and waits to be confirmed */
  | 'PENDING'
  /** What was set by hand is over */
  | 'REVERTED'
  /** Somebody stated another stage in the catalogue */
  | 'STATED'
  /** What was found is found no longer */
  | 'WITHDRAWN';

/** The objects that one bulk mutation made or changed. */
export type ChangeSet = Node & {
  /** Who did it. */
  actor: Scalars['String']['output'];
  /** The id of the request that did it, or empty. */
  correlationId: Scalars['String']['output'];
  /** When it was done. */
  createdAt: Scalars['DateTime']['output'];
  /** Area and noun of the objects, such as catalog.sku. */
  entity: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** How many objects it changed. */
  rowCount: Scalars['Int']['output'];
  /** The change set that this one took back; null where it is none's undoing. */
  undoes: Maybe<ChangeSet>;
  /** How many of these changes were taken back. */
  undoneCount: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type ChangeSetConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ChangeSetEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ChangeSetEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: ChangeSet;
};

/** A change set to take back. */
export type ChangeSetUndoInput = {
  /** Its id, as the bulk mutation gave it. */
  changeSetId: Scalars['ID']['input'];
};

/** What became of the change set. Undoing it again takes back what could not be taken back before. */
export type ChangeSetUndoPayload = {
  /** The change set that took it back, which can be undone in turn; null where nothing was left to undo. */
  changeSet: Maybe<ChangeSet>;
  /** Failures of the whole; nothing was undone where there are any. */
  errors: Array<UserError>;
  /** A result for each row of the change set, in their order. */
  results: Array<ChangeSetUndoResult>;
};

/** What became of one row of the change set. */
export type ChangeSetUndoResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** The object as it is now; null where the row was refused, or where the user does not see it. */
  node: Maybe<Node>;
  /** What became of it. */
  status: RowStatus;
};

/** The object changed since it was read, or a key was used for something else: read again, then decide. */
export type ConflictError = UserError & {
  /** Stable and machine-readable, such as insufficient_stock. */
  code: Scalars['String']['output'];
  /** A sentence for a person, in the language of the request. */
  message: Scalars['String']['output'];
  /** The values that the message speaks of, by name. */
  params: Scalars['JSON']['output'];
  /** The input field at fault, outermost first; empty where it is none of them. */
  path: Array<Scalars['String']['output']>;
};

/** What a test of the connection found. Where it did not succeed, `code` and `message` say why and what to do. */
export type ConnectionTest = {
  /** What is wrong, as a word for programs; `authorise_in_browser`: begin with `accountAuthorizeStart`. */
  code: Scalars['String']['output'];
  /** What is wrong and what to do, as a sentence; empty where nothing is. */
  message: Scalars['String']['output'];
  /** Its name at the platform. */
  name: Scalars['String']['output'];
  /** Whether the platform answered for this account. */
  ok: Scalars['Boolean']['output'];
  /** What is allowed or missing, a line each. */
  remarks: Array<Scalars['String']['output']>;
  /** The shop or seller that the platform answered for, as it calls it. */
  subject: Scalars['String']['output'];
  /** The platform's warehouses, to make with `accountWarehousesAdopt`. */
  warehouses: Array<OfferedWarehouse>;
};

/** What to do when an event of a type comes: it opens by itself, as a warning. */
export type ContingencyPlan = Editable & Node & {
  /** Where; null for any account. */
  account: Maybe<Account>;
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** So many days before the event's first day it opens. */
  daysBefore: Scalars['Int']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** The type of the events that open it, such as 618 or typhoon. */
  eventType: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What is to be done, in a few sentences. */
  plan: Scalars['String']['output'];
  /** The tasks, a text each. */
  tasks: Array<Scalars['String']['output']>;
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Which contingency plan is called off. */
export type ContingencyPlanCancelInput = {
  /** Its code. */
  code: Scalars['String']['input'];
};

/** A page of a list, with cursors to go on from. */
export type ContingencyPlanConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ContingencyPlanEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ContingencyPlanEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: ContingencyPlan;
};

/** A contingency plan by its code. A field that is not sent is left alone; null clears it. */
export type ContingencyPlanUpsertInput = {
  /** The account's code; null for any account. */
  account?: InputMaybe<Scalars['String']['input']>;
  /** Its unique code: an existing one is changed, else one is made. */
  code: Scalars['String']['input'];
  /** So many days before the event's first day it opens: 0 to 180. */
  daysBefore?: InputMaybe<Scalars['Int']['input']>;
  /** The type of the events that open it, such as 618 or typhoon. */
  eventType?: InputMaybe<Scalars['String']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** What is to be done, in a few sentences. */
  plan?: InputMaybe<Scalars['String']['input']>;
  /** All of its tasks, a text each, at most 50. */
  tasks?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** The contingency plan that was written, or why it was not. */
export type ContingencyPlanUpsertPayload = {
  /** The plan as it is now; null where there are errors. */
  contingencyPlan: Maybe<ContingencyPlan>;
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
};

/** A part of what a lot cost. */
export type CostKind =
  /** Duty */
  | 'DUTY'
  /** Freight */
  | 'FREIGHT'
  /** Inbound handling */
  | 'INBOUND'
  /** Purchase */
  | 'PURCHASE';

/** One run of a named cycle. */
export type Cycle = Node & {
  /** What the run took for now. */
  asOf: Scalars['DateTime']['output'];
  /** Into how many parts it was cut; 0 until it is planned. */
  chunkCount: Scalars['Int']['output'];
  /** How many of its parts are done. */
  chunksDone: Scalars['Int']['output'];
  /** What it read and changed, by name. */
  counts: Scalars['JSON']['output'];
  /** When it was asked for. */
  createdAt: Scalars['DateTime']['output'];
  /** When it ended. */
  finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What an operator should know, a sentence a line in the language of the request, or empty. */
  message: Scalars['String']['output'];
  /** Which cycle: warnings, forecast, … */
  name: Slugged;
  /** Who asked for it. */
  requestedBy: Scalars['String']['output'];
  /** Seconds of each step, by name, over all its parts. */
  seconds: Scalars['JSON']['output'];
  /** The moment that the run is for. */
  slotAt: Scalars['DateTime']['output'];
  /** When it began. */
  startedAt: Maybe<Scalars['DateTime']['output']>;
  /** How far it is. */
  status: CycleStatus;
};

/** A run to cancel. */
export type CycleCancelInput = {
  /** The run's id. */
  id: Scalars['ID']['input'];
};

/** The run that was cancelled, or why it was not. */
export type CycleCancelPayload = {
  /** The run as it ended. Null where there are errors. */
  cycle: Maybe<Cycle>;
  /** Expected failures; nothing was cancelled where there are any. */
  errors: Array<UserError>;
};

/** A page of a list, with cursors to go on from. */
export type CycleConnection = {
  /** Contains the nodes in this connection */
  edges: Array<CycleEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type CycleEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Cycle;
};

/** A run of a cycle, now. */
export type CycleRunInput = {
  /** Which cycle: sync, forecast, warnings, … */
  name: Scalars['String']['input'];
  /** The codes of the SKUs to run it for, at most 1,000; none for all. */
  skus?: Array<Scalars['String']['input']>;
  /** The moment that the run is for: asked twice for one moment, it is one run. Now where it is not sent. */
  slotAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** The run that was asked for, or why it was not. */
export type CycleRunPayload = {
  /** The run: ask for it again to see how far it is. Null where there are errors. */
  cycle: Maybe<Cycle>;
  /** Expected failures; nothing was asked for where there are any. */
  errors: Array<UserError>;
};

/** How far a run of a cycle is. */
export type CycleStatus =
  /** Cancelled */
  | 'CANCELLED'
  /** Done */
  | 'DONE'
  /** Due */
  | 'DUE'
  /** Failed */
  | 'FAILED'
  /** Done with errors */
  | 'PARTIAL'
  /** Running */
  | 'RUNNING';

/** A series as columns: the value of step n is `values[n]`, at `from` plus n steps. */
export type DailySeries = {
  /** The first day. */
  from: Scalars['Date']['output'];
  /** The step as an ISO-8601 duration: P1D. */
  step: Scalars['String']['output'];
  /** What is counted. */
  unit: Scalars['String']['output'];
  /** The values, null where nothing is known. */
  values: Array<Maybe<Scalars['Decimal']['output']>>;
  /** IANA zone that the days belong to. */
  zone: Scalars['String']['output'];
};

/** How far the data of a SKU in a pool can be trusted; below 0.5 nothing acts on them by itself. */
export type DataConfidence = {
  /** Hours since orders or stock last came in, of the account of the pool that is furthest behind. */
  feedAge: Metric;
  /** high, medium or low, with what it means. */
  level: Slugged;
  /** What speaks against the data: contradictions and old feeds. */
  signs: Array<Slugged>;
  /** The trust, from 0 to 1. */
  value: Metric;
};

/** What holds for some SKUs, pools or accounts from one day to another; null stands for all of them. */
export type DatedPlan = {
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** The last day. */
  endsOn: Scalars['Date']['output'];
  /** Who said so: a user, or a part of the system. */
  madeBy: Scalars['String']['output'];
  /** Why, in words. */
  reason: Scalars['String']['output'];
  /** The first day. */
  startsOn: Scalars['Date']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Days of the past that were not ordinary: out of stock or probably so, of a promotion, or far from all others. */
export type DayLabels = {
  /** The first day. */
  from: Scalars['Date']['output'];
  /** The step as an ISO-8601 duration: P1D. */
  step: Scalars['String']['output'];
  /** regular, promotion, censored, outlier or probable_stockout; null before the first day with data. */
  values: Array<Maybe<Scalars['String']['output']>>;
};

/** A person's word on past days of sales, by which forecasts go; sales stay as they are. */
export type DayMark = DatedPlan & Editable & Node & {
  /** Where; null for every account. It touches pools that sell at least half by it. */
  account: Maybe<Account>;
  /** Of which category, with all beneath it; null for every one. */
  category: Maybe<Category>;
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** The last day. */
  endsOn: Scalars['Date']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Who said so: a user, or a part of the system. */
  madeBy: Scalars['String']['output'];
  /** From which stock; null for every pool. */
  pool: Maybe<StockPool>;
  /** Why, in words. */
  reason: Scalars['String']['output'];
  /** Of what; null for every SKU. */
  sku: Maybe<Sku>;
  /** The first day. */
  startsOn: Scalars['Date']['output'];
  /** How forecasts take the days. */
  treatment: DayTreatment;
  /** Units a day in place of what was sold; null unless they are stated. */
  units: Maybe<Scalars['Decimal']['output']>;
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Which mark is taken back. */
export type DayMarkCancelInput = {
  /** Its code. */
  code: Scalars['String']['input'];
};

/** A page of a list, with cursors to go on from. */
export type DayMarkConnection = {
  /** Contains the nodes in this connection */
  edges: Array<DayMarkEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type DayMarkEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: DayMark;
};

/** How forecasts take past days of sales, by its code. A field that is not sent is left alone; null clears it. */
export type DayMarkUpsertInput = {
  /** The account's code; null for every account. */
  account?: InputMaybe<Scalars['String']['input']>;
  /** The category's code, with all beneath it; null for every one. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** Its unique code: an existing one is changed, else one is made. */
  code: Scalars['String']['input'];
  /** The last day. */
  endsOn?: InputMaybe<Scalars['Date']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The pool's code; null for every pool. */
  pool?: InputMaybe<Scalars['String']['input']>;
  /** Why: what the next person reads. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** The SKU's code; null for every SKU. */
  sku?: InputMaybe<Scalars['String']['input']>;
  /** The first day. */
  startsOn?: InputMaybe<Scalars['Date']['input']>;
  /** Kept as it is, left out, or stated units. */
  treatment?: InputMaybe<DayTreatment>;
  /** What an ordinary day would have sold; with stated units only. */
  units?: InputMaybe<Scalars['Decimal']['input']>;
};

/** The mark that was written, or why it was not. */
export type DayMarkUpsertPayload = {
  /** The mark as it is now; null where there are errors. */
  dayMark: Maybe<DayMark>;
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
};

/** What became of one row. */
export type DayMarkUpsertResult = {
  /** The mark as it is now; null where the row was refused. */
  dayMark: Maybe<DayMark>;
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** What became of it. */
  status: RowStatus;
};

/** Many marks of days at once. */
export type DayMarksUpsertInput = {
  /** At most 1,000 marks; a bad row is refused alone. */
  rows: Array<DayMarkUpsertInput>;
};

/** What became of the rows. */
export type DayMarksUpsertPayload = {
  /** The change set of all rows, for `changeSetUndo`; null where nothing was changed. */
  changeSetId: Maybe<Scalars['ID']['output']>;
  /** Failures of the whole; nothing was written where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<DayMarkUpsertResult>;
};

/** How forecasts take a marked day. */
export type DayTreatment =
  /** Kept as it is */
  | 'KEPT'
  /** Left out */
  | 'LEFT_OUT'
  /** Stated units */
  | 'STATED';

/** Why a champion is in use. */
export type Decision =
  /** The floor: nothing beats the seasonal naive forecast */
  | 'FLOOR'
  /** Kept: no other is better by enough */
  | 'KEPT'
  /** Taken: better by enough, often enough */
  | 'TAKEN';

/** One message to one recipient: tried again until it arrives or is given up. */
export type Delivery = Node & {
  /** How often it was tried. */
  attempts: Scalars['Int']['output'];
  /** The message as plain lines. */
  body: Scalars['String']['output'];
  /** The slug of its notifier. */
  channel: Scalars['String']['output'];
  /** When it was written. */
  createdAt: Scalars['DateTime']['output'];
  /** When it arrived. */
  deliveredAt: Maybe<Scalars['DateTime']['output']>;
  /** Where it goes; null for a mail to an address that is no endpoint. */
  endpoint: Maybe<Endpoint>;
  /** How the last attempt failed, in the language of the request as far as StockHub says it, or empty. */
  error: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** The level of the worst that it tells; null where it tells of no alert. */
  level: Maybe<Scalars['Int']['output']>;
  /** When it is tried next, while it is due. */
  nextAttemptAt: Scalars['DateTime']['output'];
  /** A mail address, or the endpoint's name. */
  recipient: Scalars['String']['output'];
  /** What the receiver calls it, or empty. */
  reference: Scalars['String']['output'];
  /** What became of it. */
  status: DeliveryStatus;
  /** What it is about. */
  subject: Scalars['String']['output'];
};

/** A page of a list, with cursors to go on from. */
export type DeliveryConnection = {
  /** Contains the nodes in this connection */
  edges: Array<DeliveryEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type DeliveryEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Delivery;
};

/** The message as it is now, or why nothing was done. */
export type DeliveryPayload = {
  /** The message: ask for it again to see what became of it. Null where there are errors. */
  delivery: Maybe<Delivery>;
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
};

/** A dead letter. */
export type DeliveryRetryInput = {
  /** The delivery's id. */
  id: Scalars['ID']['input'];
};

/** What became of a message. */
export type DeliveryStatus =
  /** Given up */
  | 'DEAD'
  /** Delivered */
  | 'DELIVERED'
  /** Due */
  | 'DUE'
  /** Being delivered */
  | 'LEASED';

/** What a champion is chosen for: the kind of demand by how often and how unevenly something is sold, and class A with regular demand. */
export type DemandKind =
  /** Class A, regular */
  | 'CLASS_A'
  /** Erratic */
  | 'ERRATIC'
  /** Intermittent */
  | 'INTERMITTENT'
  /** Lumpy */
  | 'LUMPY'
  /** No demand */
  | 'NO_DEMAND'
  /** Smooth */
  | 'SMOOTH';

/** What demand stays within with a probability. */
export type DemandQuantile = {
  /** The probability, such as 0.9. */
  level: Scalars['Decimal']['output'];
  /** Units. */
  value: Scalars['Decimal']['output'];
};

/** Stock by day along the forecast: what is free to sell now, then the end of each day ahead. */
export type DepletionCurve = {
  /** P10: by its end nothing is left with one chance in ten; null beyond the forecast, or where no quantiles are known. */
  goneEarlyOn: Maybe<Scalars['Date']['output']>;
  /** P90: nothing is left by its end with nine chances in ten. */
  goneLateOn: Maybe<Scalars['Date']['output']>;
  /** P50: as likely as not, nothing is left by its end. */
  goneMedianOn: Maybe<Scalars['Date']['output']>;
  /** The curve; null with a reason. Its first day is today. */
  stock: Maybe<DailySeries>;
  /** Days until nothing is left; null where stock outlasts the forecast. */
  stockoutDay: Metric;
  /** The day on which nothing is left. */
  stockoutOn: Maybe<Scalars['Date']['output']>;
};

/** The likely cause of a difference. */
export type DifferenceCause =
  /** The warehouse counted otherwise */
  | 'COUNT'
  /** Orders came in since the platform was seen */
  | 'PENDING_ORDERS'
  /** A push is under way */
  | 'PUSH_PENDING'
  /** What the platform shows is not known, or was seen long ago */
  | 'STALE_FEED'
  /** Unexplained */
  | 'UNEXPLAINED'
  /** The listing is linked to no SKU */
  | 'UNMAPPED';

/** When an endpoint is told of what is not urgent. */
export type Digest =
  /** Gathered, once a day */
  | 'DAILY'
  /** Gathered, every hour */
  | 'HOURLY'
  /** At once */
  | 'IMMEDIATE';

/** What made somebody doubt the stock. */
export type DisputeCause =
  /** Stock count */
  | 'COUNT'
  /** Doubt of a person */
  | 'OPERATOR'
  /** Correction of the ledger */
  | 'RECONCILE'
  /** Shipped without stock */
  | 'UNBACKED'
  /** Variance of a receipt */
  | 'VARIANCE';

/** An object that people and an ERP edit. */
export type Editable = {
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** A term of buying a SKU for a pool as it holds now, and where it comes from. */
export type EffectiveBuyingTerm = {
  /** Where it comes from: sku, policy, stage or default. */
  source: Slugged;
  /** Which: is_replenished, service_level or review_period. */
  term: Slugged;
  /** What holds; of is_replenished, 1 or 0. */
  value: Metric;
};

/** A parameter of a rule as it holds for a SKU in a pool, and where it comes from. */
export type EffectiveRuleParameter = {
  /** The rule's own value, which holds where nobody set one. */
  defaultValue: Scalars['JSON']['output'];
  /** What holds too and lost, in the order in which it would hold. */
  lost: Array<RuleParameter>;
  /** The parameter: its name, and what it is called. */
  parameter: Slugged;
  /** What set it; null for the rule's default. */
  setValue: Maybe<RuleParameter>;
  /** Where the value comes from: `default`, or the scope that it was set for. */
  source: Slugged;
  /** Its unit: day, unit, 1 for a share. */
  unit: Scalars['String']['output'];
  /** What holds. */
  value: Scalars['JSON']['output'];
};

/** A line as it holds now, and where it comes from. */
export type EffectiveStockLine = {
  /** Which line. */
  line: Line;
  /** Why its override was set, or empty. */
  reason: Scalars['String']['output'];
  /** What its override is for; null without one. */
  scope: Maybe<OverrideScope>;
  /** Who set its override, or empty. */
  setBy: Scalars['String']['output'];
  /** Where it comes from: none, policy, forecast, adjustment, override or factor. */
  source: Slugged;
  /** Until when its override holds; null without one. */
  untilAt: Maybe<Scalars['DateTime']['output']>;
  /** What holds, in units. */
  value: Metric;
  /** What would hold without the override, in units. */
  withoutOverride: Metric;
};

/** One place that messages go to. Its secrets go in and never come out. */
export type Endpoint = Editable & Node & {
  /** Its configuration without the secrets. */
  config: Scalars['JSON']['output'];
  /** Failures in a row. */
  consecutiveFailures: Scalars['Int']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** When it is told of what is not urgent. */
  digest: Digest;
  /** The hour of a daily digest, in its zone. */
  digestHour: Scalars['Int']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether anything is sent there. */
  isActive: Scalars['Boolean']['output'];
  /** The language of its messages: en or zh-hans. */
  language: Scalars['String']['output'];
  /** How it failed, in the language of the request as far as StockHub says it, or empty. */
  lastError: Scalars['String']['output'];
  /** When one last failed. */
  lastErrorAt: Maybe<Scalars['DateTime']['output']>;
  /** When a message last arrived. */
  lastOkAt: Maybe<Scalars['DateTime']['output']>;
  /** What people call it, unique but for people's own. */
  name: Scalars['String']['output'];
  /** Nothing is sent there before: it is paced, or it kept failing. */
  nextAttemptAt: Maybe<Scalars['DateTime']['output']>;
  /** Its channel. */
  notifier: Slugged;
  /** When its quiet hours begin, such as 22:00, in its zone; null for none. */
  quietFrom: Maybe<Scalars['String']['output']>;
  /** When they end, such as 07:00. */
  quietUntil: Maybe<Scalars['String']['output']>;
  /** Names of the secrets that it has. */
  secretsSet: Array<Scalars['String']['output']>;
  /** The zone of its hours. */
  timeZone: Scalars['String']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** From this level on alerts come at once, in quiet hours too; 4 is never. */
  urgentLevel: Scalars['Int']['output'];
  /** Whose own it is; null for one of the company. */
  user: Maybe<Person>;
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type EndpointConnection = {
  /** Contains the nodes in this connection */
  edges: Array<EndpointEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type EndpointEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Endpoint;
};

/** An endpoint. */
export type EndpointInput = {
  /** The endpoint's id. */
  id: Scalars['ID']['input'];
};

/** The endpoint as it is now, or why nothing was done. */
export type EndpointPayload = {
  /** The endpoint; null where there are errors. */
  endpoint: Maybe<Endpoint>;
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
};

/** An endpoint: made where no id is given. What is not sent stays. */
export type EndpointUpsertInput = {
  /** What its channel needs, secrets among it, as an object. A secret that is left out or empty stays. */
  config?: InputMaybe<Scalars['JSON']['input']>;
  /** When it is told of what is not urgent. */
  digest?: InputMaybe<Digest>;
  /** The hour of a daily digest, from 0 to 23, in its zone. */
  digestHour?: InputMaybe<Scalars['Int']['input']>;
  /** The version that the change was made from. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The endpoint's id; without one, a new one is made. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** Whether anything is sent there. */
  isActive?: InputMaybe<Scalars['Boolean']['input']>;
  /** en or zh-hans. */
  language?: InputMaybe<Scalars['String']['input']>;
  /** What people call it. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The slug of its channel; it stays once the endpoint is made. */
  notifier?: InputMaybe<Scalars['String']['input']>;
  /** When its quiet hours begin, such as 22:00; null for none. */
  quietFrom?: InputMaybe<Scalars['String']['input']>;
  /** When they end, such as 07:00; null for none. */
  quietUntil?: InputMaybe<Scalars['String']['input']>;
  /** A name such as Asia/Shanghai. */
  timeZone?: InputMaybe<Scalars['String']['input']>;
  /** From this level on alerts come at once; 4 is never. */
  urgentLevel?: InputMaybe<Scalars['Int']['input']>;
};

/** A part of what a platform expects to charge. */
export type EstimatedFee = {
  /** How much; below 0 is a discount. */
  amount: Money;
  /** The platform's name of it. */
  name: Scalars['String']['output'];
};

/** What events of a type lift on an account, learned from those that are over. */
export type EventLift = Node & {
  /** On which account; null for events of several. */
  account: Maybe<Account>;
  /** Demand over the baseline on the three days after; null without any. */
  dip: Maybe<Scalars['Decimal']['output']>;
  /** The type, such as 618. */
  eventType: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** The typical lift of a SKU, in which a handful of units counts little; null without any. */
  lift: Maybe<Scalars['Decimal']['output']>;
  /** Units sold in them over their baseline; null without any. */
  observedLift: Maybe<Scalars['Decimal']['output']>;
  /** How many events of SKUs it was learned from. */
  skuEvents: Scalars['Int']['output'];
  /** A person's figure, which takes the place of the learned one; null for none. */
  statedLift: Maybe<Scalars['Decimal']['output']>;
  /** When it was last learned. */
  updatedAt: Scalars['DateTime']['output'];
};

/** A page of a list, with cursors to go on from. */
export type EventLiftConnection = {
  /** Contains the nodes in this connection */
  edges: Array<EventLiftEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type EventLiftEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: EventLift;
};

/** How a platform judged a shop. */
export type ExperienceScore = Node & {
  /** The shop. */
  account: Account;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** When it was so. */
  occurredAt: Scalars['DateTime']['output'];
  /** Its parts; empty where none was told. */
  parts: Array<ScorePart>;
  /** When we were told. */
  recordedAt: Scalars['DateTime']['output'];
  /** The score, from 0 to 100. */
  score: Scalars['Decimal']['output'];
};

/** A page of a list, with cursors to go on from. */
export type ExperienceScoreConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ExperienceScoreEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ExperienceScoreEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: ExperienceScore;
};

/** Why a number is what it is: evaluating the nodes from first to last gives the value at the root, the last one. */
export type Explanation = {
  /** What would change the decision first: null where no comparison decided, or no fact alone turns one. */
  nextChange: Maybe<NextChange>;
  /** The steps: arguments before what uses them, the root last. Equal steps appear once. */
  nodes: Array<ExplanationNode>;
  /** Numbers that the formula could have given and did not: branches not taken, the lesser of two. */
  rejected: Array<RejectedNumber>;
  /** The formula in words and numbers, a line for each named step. */
  text: Scalars['String']['output'];
  /** What the formula gives; equal to the value of the last node. */
  value: Maybe<Scalars['Decimal']['output']>;
};


/** Why a number is what it is: evaluating the nodes from first to last gives the value at the root, the last one. */
export type ExplanationTextArgs = {
  language?: InputMaybe<Scalars['String']['input']>;
};

/** One step of a formula. `input` and `constant` have a value of their own; `where` gives its second argument where the first is not zero, else its third; every other operation has the meaning of its name. An operation on a missing number is missing. */
export type ExplanationNode = {
  /** Ids of the arguments, in order; all of them come earlier in the list. */
  args: Array<Scalars['Int']['output']>;
  /** Its place in the list, from 0. */
  id: Scalars['Int']['output'];
  /** The name for a person, in the language of the request. */
  label: Maybe<Scalars['String']['output']>;
  /** The slug of an input or of a named intermediate result. */
  name: Maybe<Scalars['String']['output']>;
  /** input, constant, where, add, sub, mul, div, neg, max, min, ceil, floor, sqrt, pow, gt, ge, lt, le, and, or. */
  op: Scalars['String']['output'];
  /** Where an input comes from: ledger, forecast, parameter:… */
  source: Maybe<Scalars['String']['output']>;
  /** A unit of the glossary (unit, day, unit/day) or a currency. */
  unit: Maybe<Scalars['String']['output']>;
  /** The number at this step; null where one that it needs is missing. */
  value: Maybe<Scalars['Decimal']['output']>;
};

/** The id that another system knows an object by. */
export type ExternalRef = {
  /** Its id there, as text. */
  id: Scalars['String']['output'];
  /** The other system, such as erp. */
  system: Scalars['String']['output'];
};

/** Why an alert was wrong. */
export type FalseAlarmCause =
  /** It was dealt with already */
  | 'ALREADY_HANDLED'
  /** The forecast was too high */
  | 'FORECAST_TOO_HIGH'
  /** The forecast was too low */
  | 'FORECAST_TOO_LOW'
  /** A delivery was late */
  | 'LATE_DELIVERY'
  /** Something else */
  | 'OTHER'
  /** A promotion was not known */
  | 'PROMOTION_NOT_KNOWN'
  /** The threshold is too tight */
  | 'THRESHOLD_TOO_TIGHT'
  /** The data were wrong */
  | 'WRONG_DATA';

/** What a platform expected to charge for one of a listing sold at a price. */
export type FeeEstimate = Node & {
  /** Whose platform. */
  account: Account;
  /** Each fee by the platform's name. */
  fees: Array<EstimatedFee>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What would be sold. */
  listing: Listing;
  /** When it was so. */
  observedAt: Scalars['DateTime']['output'];
  /** The price that was asked about. */
  price: Money;
  /** When we were told. */
  recordedAt: Scalars['DateTime']['output'];
  /** What it delivers. */
  sku: Sku;
  /** Units of the SKU in one of the listing. */
  skuUnits: Scalars['Quantity']['output'];
  /** The fees in all. */
  total: Money;
};

/** A page of a list, with cursors to go on from. */
export type FeeEstimateConnection = {
  /** Contains the nodes in this connection */
  edges: Array<FeeEstimateEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type FeeEstimateEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: FeeEstimate;
};

/** How fresh one kind of data of an account is. Stale data is dated, never zeroed. */
export type Feed = Node & {
  /** Whose data. */
  account: Account;
  /** How old its data are at this moment, in hours. */
  age: Metric;
  /** How often reading it failed since it last brought something. */
  consecutiveFailures: Scalars['Int']['output'];
  /** The data reach up to this instant; null where none came yet. */
  dataUntilAt: Maybe<Scalars['DateTime']['output']>;
  /** The last error, with what to do; empty after a success. */
  error: Scalars['String']['output'];
  /** Seconds between two readings; null where nothing reads it. */
  everySeconds: Maybe<Scalars['Int']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether an operator has paused it. */
  isPaused: Scalars['Boolean']['output'];
  /** Whether it has brought nothing for longer than it may. */
  isStale: Scalars['Boolean']['output'];
  /** What is fed: orders, listings, stock, returns, … */
  kind: Scalars['String']['output'];
  /** How old its data are at this moment, in whole seconds; null where none came yet. */
  lagSeconds: Maybe<Scalars['Int']['output']>;
  /** The last error; null after a success. */
  lastError: Maybe<FeedError>;
  /** When the last read succeeded. */
  lastSuccessAt: Maybe<Scalars['DateTime']['output']>;
  /** How old its data were just before the last reading renewed them, in seconds: what a channel's buffer has to bear. */
  measuredLag: Metric;
  /** When it is read next, at the earliest; null where nothing reads it. */
  nextAttemptAt: Maybe<Scalars['DateTime']['output']>;
  /** How far the reading of the past has come; null where there is none. */
  progress: Maybe<FeedProgress>;
  /** How many records its readings brought so far, repetitions among them. */
  records: Scalars['BigInt']['output'];
  /** How many of them were set apart in quarantine. */
  rejected: Scalars['BigInt']['output'];
  /** How many rows came in so far. */
  rows: Scalars['BigInt']['output'];
  /** Since when it has brought nothing; null where it is not stale. */
  staleSince: Maybe<Scalars['DateTime']['output']>;
  /** What it is doing. */
  state: FeedState;
};

/** The last error of a feed. */
export type FeedError = {
  /** When it happened last. */
  at: Maybe<Scalars['DateTime']['output']>;
  /** For programs. */
  code: Scalars['String']['output'];
  /** What happened and what to do. */
  message: Scalars['String']['output'];
};

/** A feed. */
export type FeedInput = {
  /** The feed's id. */
  id: Scalars['ID']['input'];
};

/** The feed as it is now, or why nothing was done. */
export type FeedPayload = {
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
  /** The feed; null where there are errors. */
  feed: Maybe<Feed>;
};

/** How far the reading of the past has come. */
export type FeedProgress = {
  /** What is read, as the platform counts; records where it does not. */
  done: Maybe<Scalars['BigInt']['output']>;
  /** When it was done; null while it is not. */
  finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** From when on it is read. */
  since: Scalars['DateTime']['output'];
  /** Of how many; null where nobody knows. */
  total: Maybe<Scalars['BigInt']['output']>;
};

/** A feed to read now. */
export type FeedReadInput = {
  /** The feed's id. */
  id: Scalars['ID']['input'];
  /** Read it again from then on; null: go on from where it is. What comes twice has one effect. */
  since?: InputMaybe<Scalars['DateTime']['input']>;
};

/** How often a feed is read. */
export type FeedScheduleInput = {
  /** Seconds from reading to reading; null: as its connector plans. */
  everySeconds?: InputMaybe<Scalars['Int']['input']>;
  /** The feed's id. */
  id: Scalars['ID']['input'];
};

/** What a feed is doing. */
export type FeedState =
  /** Reading the past */
  | 'BACKFILLING'
  /** Left alone after several failures */
  | 'CIRCUIT_OPEN'
  /** Failed, will be tried again */
  | 'FAILING'
  /** Not connected */
  | 'NOT_CONNECTED'
  /** Not kept here yet */
  | 'NOT_KEPT'
  /** No longer brought by the connector */
  | 'NOT_OFFERED'
  /** Paused */
  | 'PAUSED'
  /** Refused until something is changed */
  | 'REFUSED'
  /** Being read */
  | 'RUNNING'
  /** Waiting, as the platform asks */
  | 'THROTTLED'
  /** Brought by files and requests */
  | 'UNSCHEDULED'
  /** Waiting for its time */
  | 'WAITING';

/** The current forecast of a SKU in a pool, and the model that really made it. */
export type Forecast = Node & {
  /** What the model alone expected a day, before the reasons. */
  baseMean: DailySeries;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** What the last 90 days before it were; null where all were ordinary. */
  dayLabels: Maybe<DayLabels>;
  /** Why not the first choice; empty where it was. */
  fallbackReason: Scalars['String']['output'];
  /** Days of history that it was made from. */
  historyDays: Scalars['Int']['output'];
  /** How many days it reaches. */
  horizonDays: Scalars['Int']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether the SKU is in its first eight weeks and thirty units. */
  isNew: Scalars['Boolean']['output'];
  /** Demand over lead times, the shortest first. Quantiles of days do not add up to these. */
  leadTimeDemand: Array<LeadTimeDemand>;
  /** Why it was not the lead-time forecaster; empty where it was. */
  leadTimeFallback: Scalars['String']['output'];
  /** What made the quantiles of lead-time demand: a forecaster, or textbook. */
  leadTimeModel: Scalars['String']['output'];
  /** Expected demand a day. */
  mean: DailySeries;
  /** The forecaster that made it. */
  modelUsed: Scalars['String']['output'];
  /** From which stock. */
  pool: StockPool;
  /** Quantiles of demand a day, the lowest level first. */
  quantiles: Array<QuantileSeries>;
  /** Why it is not the model's alone, in the order in which they were applied. */
  reasons: Array<ForecastReason>;
  /** Of what. */
  sku: Sku;
};

/** How well a forecaster did in the newest backtest. Shares are of 1; null where nothing can be said. A champion's own figures are those that it was chosen by, and so a little too good. */
export type ForecastAccuracy = {
  /** Forecast less actual over units sold; above 0 is too much. */
  bias: Maybe<Scalars['Decimal']['output']>;
  /** The share of days within their 90 % quantile. */
  coverage90: Maybe<Scalars['Decimal']['output']>;
  /** How far ahead it was tried. */
  horizonDays: Scalars['Int']['output'];
  /** Whether it is in use for this kind. */
  isChampion: Scalars['Boolean']['output'];
  /** Whether it forecasts the mean of this kind. */
  isMeanChampion: Scalars['Boolean']['output'];
  /** The kind of demand; null for all of it. */
  kind: Maybe<DemandKind>;
  /** The last day of the history that was tried. */
  lastOn: Scalars['Date']['output'];
  /** Mean absolute percentage error over days with demand; nothing is chosen by it. */
  mape: Maybe<Scalars['Decimal']['output']>;
  /** The forecaster. */
  model: Slugged;
  /** Pinball of the 90 % quantile a day over units sold. */
  pinball90: Maybe<Scalars['Decimal']['output']>;
  /** Pinball of lead-time sums over that of independent normal days. */
  relativeLoss: Maybe<Scalars['Decimal']['output']>;
  /** Root mean squared error, units a day. */
  rmse: Maybe<Scalars['Decimal']['output']>;
  /** Root mean squared scaled error a day, the mean over series. */
  rmsse: Maybe<Scalars['Decimal']['output']>;
  /** Series times windows that were judged. */
  seriesWindows: Scalars['Int']['output'];
  /** Symmetric percentage error a day, twice the error over forecast and actual together: 0 to 2; nothing is chosen by it. */
  smape: Maybe<Scalars['Decimal']['output']>;
  /** The share of lead times within their 90 % quantile. */
  sumCoverage90: Maybe<Scalars['Decimal']['output']>;
  /** Absolute errors a day over units sold. */
  wape: Maybe<Scalars['Decimal']['output']>;
  /** The same of sums over 14 days. */
  wape14: Maybe<Scalars['Decimal']['output']>;
  /** The same of sums over 28 days. */
  wape28: Maybe<Scalars['Decimal']['output']>;
  /** From how many past days. */
  windows: Scalars['Int']['output'];
};

/** A person's factor on a forecast, or a lock in its place. */
export type ForecastAdjustment = DatedPlan & Editable & Node & {
  /** Where; null for every account. */
  account: Maybe<Account>;
  /** Of which category, with all beneath it; null for every one. */
  category: Maybe<Category>;
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** The last day. */
  endsOn: Scalars['Date']['output'];
  /** What the forecast is multiplied by; null where it is locked. */
  factor: Maybe<Scalars['Decimal']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Units a day in place of the forecast; null where it is a factor. */
  lockedUnits: Maybe<Scalars['Decimal']['output']>;
  /** Who said so: a user, or a part of the system. */
  madeBy: Scalars['String']['output'];
  /** From which stock; null for every pool. */
  pool: Maybe<StockPool>;
  /** Why, in words. */
  reason: Scalars['String']['output'];
  /** Of what; null for every SKU. */
  sku: Maybe<Sku>;
  /** The first day. */
  startsOn: Scalars['Date']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Which adjustment or lock is taken back. */
export type ForecastAdjustmentCancelInput = {
  /** Its code. */
  code: Scalars['String']['input'];
};

/** A page of a list, with cursors to go on from. */
export type ForecastAdjustmentConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ForecastAdjustmentEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ForecastAdjustmentEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: ForecastAdjustment;
};

/** A factor on a forecast, or a lock in its place, by its code. A field that is not sent is left alone; null clears it. */
export type ForecastAdjustmentUpsertInput = {
  /** The account's code; null for every account. */
  account?: InputMaybe<Scalars['String']['input']>;
  /** The category's code, with all beneath it; null for every one. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** Its unique code: an existing one is changed, else one is made. */
  code: Scalars['String']['input'];
  /** The last day. */
  endsOn?: InputMaybe<Scalars['Date']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** What the forecast is multiplied by, such as 1.2. */
  factor?: InputMaybe<Scalars['Decimal']['input']>;
  /** Units a day in place of the forecast. */
  lockedUnits?: InputMaybe<Scalars['Decimal']['input']>;
  /** The pool's code; null for every pool. */
  pool?: InputMaybe<Scalars['String']['input']>;
  /** Why: what the next person reads. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** The SKU's code; null for every SKU. */
  sku?: InputMaybe<Scalars['String']['input']>;
  /** The first day. */
  startsOn?: InputMaybe<Scalars['Date']['input']>;
};

/** The adjustment that was written, or why it was not. */
export type ForecastAdjustmentUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The adjustment as it is now; null where there are errors. */
  forecastAdjustment: Maybe<ForecastAdjustment>;
};

/** The forecasters in use for a kind of demand: of its sums over lead times, and of its mean. */
export type ForecastChampion = {
  /** Why. */
  decision: Decision;
  /** There were too few of them, so that all series decided together. */
  judgedWithAll: Scalars['Boolean']['output'];
  /** Which kind. */
  kind: DemandKind;
  /** Why it does. */
  meanDecision: Maybe<Decision>;
  /** Who forecasts the mean a day; null until a backtest has chosen one. */
  meanModel: Maybe<Slugged>;
  /** Since when it does. */
  meanSince: Maybe<Scalars['DateTime']['output']>;
  /** Who makes the quantiles of lead-time demand, which decisions rest on. */
  model: Slugged;
  /** Series of this kind in the last trial. */
  seriesJudged: Scalars['Int']['output'];
  /** Since when. */
  since: Scalars['DateTime']['output'];
};

/** A page of a list, with cursors to go on from. */
export type ForecastConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ForecastEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ForecastEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Forecast;
};

/** How far forecasts of a SKU in a pool leaned to one side over the last weeks that can be compared. */
export type ForecastLean = {
  /** Units sold less units forecast. */
  errorQty: Maybe<Scalars['Decimal']['output']>;
  /** Units forecast for these weeks. */
  forecastQty: Maybe<Scalars['Decimal']['output']>;
  /** unbiased, over_optimistic or over_pessimistic. */
  lean: Slugged;
  /** Actual less forecast over the mean error; beyond ±4 is no chance. */
  trackingSignal: Metric;
  /** Weeks compared; those with a stock-out are not. */
  weeks: Scalars['Int']['output'];
};

/** Why a forecast is not its model's alone. */
export type ForecastReason = {
  /** The plan, the event type, or the code of a problem with the figures. */
  code: Scalars['String']['output'];
  /** What the days are multiplied by; null where it is no factor or nobody knows. */
  factor: Maybe<Scalars['Decimal']['output']>;
  /** The first day that it changes; null where it is about all of them. */
  firstOn: Maybe<Scalars['Date']['output']>;
  /** event, after_event, signal, adjustment, lock, analogues, day_mark or data. */
  kind: Slugged;
  /** What it is, in the language of the request. */
  label: Scalars['String']['output'];
  /** The last day that it changes, after which it has expired; null likewise. */
  lastOn: Maybe<Scalars['Date']['output']>;
  /** Who said so: a user, or a part of the system; empty where it was learned. */
  madeBy: Scalars['String']['output'];
  /** stated, learned, or unknown where no past event says what to expect; empty otherwise. */
  origin: Scalars['String']['output'];
  /** How many past events or launches it was learned from. */
  samples: Scalars['Int']['output'];
  /** The numbers behind it. */
  values: Array<ReasonValue>;
  /** What the person said who made it, or the SKUs that it was learned from. */
  why: Scalars['String']['output'];
};

/** The condition of a lot. */
export type Grade =
  /** Damaged */
  | 'DAMAGED'
  /** Defective */
  | 'DEFECTIVE'
  /** Returned, like new */
  | 'LIKE_NEW'
  /** New */
  | 'NEW';

/** A SKU that lies too long in one pool and runs out in another, as of the last warning cycle. */
export type Imbalance = {
  /** The alert that says so, with its explanations and its life. */
  alert: Alert;
  /** Available in the pool that runs short. */
  available: Metric;
  /** Demand a day there. */
  dailyDemand: Metric;
  /** Available in the pool that can give. */
  donorAvailable: Metric;
  /** Days that it lasts there; NO_DEMAND where nobody asks for it, BEYOND_TEN_YEARS where hardly anybody does. */
  donorCover: Metric;
  /** Demand a day there. */
  donorDailyDemand: Metric;
  /** The code of the pool that can give. */
  donorPool: Scalars['String']['output'];
  /** Units that it can give above its own target. */
  donorSpare: Metric;
  /** The day on which that pool is out. */
  dueOn: Maybe<Scalars['Date']['output']>;
  /** The moment whose facts the numbers are. */
  evaluatedAt: Scalars['DateTime']['output'];
  /** 1 to 3, 3 being the worst. */
  level: Scalars['Int']['output'];
  /** The code of the pool that runs short. */
  pool: Scalars['String']['output'];
  /** The SKU's code. */
  sku: Scalars['String']['output'];
  /** Units that ought to move: what the donor can spare, as far as the other needs it. */
  unitsToMove: Metric;
};

/** A page of a list, with cursors to go on from. */
export type ImbalanceConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ImbalanceEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ImbalanceEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Imbalance;
};

/** Alerts with one cause: at most one that is not resolved for each cause. */
export type Incident = Node & {
  /** By when it is to be seen: no later than any of its alerts. Null before its clocks are set. */
  acknowledgeByAt: Maybe<Scalars['DateTime']['output']>;
  /** When somebody said that he had seen it. */
  acknowledgedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who had seen it, or empty. */
  acknowledgedBy: Scalars['String']['output'];
  /** Alerts that ever joined. */
  alertCount: Scalars['Int']['output'];
  /** What its alerts have in common. */
  cause: IncidentCause;
  /** The cause by name, in the language of the request. */
  causeText: Scalars['String']['output'];
  /** Whom it was passed on to because it is overdue. */
  escalatedTo: Maybe<Person>;
  /** One line about it, in the language of the request. */
  headline: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What the cause is, such as supplier:12. */
  key: Scalars['String']['output'];
  /** The worst level of its open alerts. */
  level: Scalars['Int']['output'];
  /** Of each SKU and pool the worst open alert, added up, in the base currency. */
  money: Metric;
  /** Of them those that are open. */
  openCount: Scalars['Int']['output'];
  /** When it was found. */
  openedAt: Scalars['DateTime']['output'];
  /** Who has to deal with it. */
  owner: Maybe<Person>;
  /** By when it is to be settled. */
  resolveByAt: Maybe<Scalars['DateTime']['output']>;
  /** When its last alert ended. */
  resolvedAt: Maybe<Scalars['DateTime']['output']>;
  /** What has been done about it. */
  status: IncidentStatus;
  /** What happened to it, from the first on. */
  timeline: Array<IncidentEvent>;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; a step takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** What the alerts of an incident have in common. */
export type IncidentCause =
  /** A campaign sells more than there is */
  | 'CAMPAIGN'
  /** A category piles up */
  | 'CATEGORY'
  /** A supplier delivers late */
  | 'LATE_SUPPLIER'
  /** Many at once in one pool */
  | 'POOL'
  /** A feed stands still */
  | 'STALE_FEED';

/** A page of a list, with cursors to go on from. */
export type IncidentConnection = {
  /** Contains the nodes in this connection */
  edges: Array<IncidentEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type IncidentEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Incident;
};

/** One line of an incident's timeline. */
export type IncidentEvent = {
  /** Who took it: a user, or a cycle. */
  actor: Scalars['String']['output'];
  /** How many alerts it happened to. */
  count: Scalars['Int']['output'];
  /** Why, in words, or empty. */
  note: Scalars['String']['output'];
  /** When. */
  occurredAt: Scalars['DateTime']['output'];
  /** opened, joined, left, acknowledged, started, assigned, snoozed, false_alarm, escalated, resolved or reopened. */
  what: Scalars['String']['output'];
};

/** What comes first in a list of incidents. */
export type IncidentOrder =
  /** Latest opened */
  | 'LATEST'
  /** Most money at stake */
  | 'MONEY';

/** What has been done about an incident. */
export type IncidentStatus =
  /** Acknowledged */
  | 'ACKNOWLEDGED'
  /** Open */
  | 'OPEN'
  /** Resolved */
  | 'RESOLVED';

/** The incident as it is now, or why nothing was done. */
export type IncidentStepPayload = {
  /** How many alerts the step changed. */
  changedCount: Scalars['Int']['output'];
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
  /** The incident; null where there are errors. */
  incident: Maybe<Incident>;
};

/** A step with an incident, which is taken with all its open alerts. */
export type IncidentStepSubmitInput = {
  /** FALSE_ALARM: why they were wrong. */
  cause?: InputMaybe<FalseAlarmCause>;
  /** The version that the decision was made from. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The incident's id. */
  id: Scalars['ID']['input'];
  /** FALSE_ALARM: more about it. */
  note?: InputMaybe<Scalars['String']['input']>;
  /** ASSIGN: the user's name. */
  owner?: InputMaybe<Scalars['String']['input']>;
  /** SNOOZE: why. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** RESOLVE: how they were dealt with. */
  resolution?: InputMaybe<Scalars['String']['input']>;
  /** Which step. */
  step: AlertStep;
  /** SNOOZE: until when. */
  untilAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Units that are on their way. */
export type IncomingStock = {
  /** The day on which they should arrive; null where nobody has said. */
  expectedOn: Maybe<Scalars['Date']['output']>;
  /** How many. */
  qty: Scalars['Quantity']['output'];
  /** The code of the order, the shipment or the transfer. */
  reference: Scalars['String']['output'];
  /** purchase_order (not sent yet), shipment (on its way), receiving (arrived, being booked in) or transfer (moved by us). */
  source: Scalars['String']['output'];
};

/** A field of the input cannot be taken as it is, or the rules of the business refuse it. */
export type InvalidInputError = UserError & {
  /** Stable and machine-readable, such as insufficient_stock. */
  code: Scalars['String']['output'];
  /** A sentence for a person, in the language of the request. */
  message: Scalars['String']['output'];
  /** The values that the message speaks of, by name. */
  params: Scalars['JSON']['output'];
  /** The input field at fault, outermost first; empty where it is none of them. */
  path: Array<Scalars['String']['output']>;
};

/** A part of the change of a key figure. Those of all categories add up to the change; a SKU counts for its category, for each kind of alert that it had, and for its incident. */
export type KpiCause = {
  /** The code of a category (empty: SKUs of none) or a SKU, the slug of an alert's kind or a key figure, an incident's key. */
  code: Scalars['String']['output'];
  /** How much of the change it is, in the unit of the figure. */
  contribution: Metric;
  /** What it is. */
  kind: CauseKind;
  /** What it is called, in the language of the request. */
  name: Scalars['String']['output'];
  /** The code of the pool; empty where it is about several. */
  pool: Scalars['String']['output'];
  /** The same as a part of the change: above 1 or below 0 where causes work against each other. */
  share: Metric;
};

/** How a key figure of a place changed between two days, and what contributed most. */
export type KpiChange = {
  /** The figure on the later day. */
  after: Metric;
  /** The figure then. */
  before: Metric;
  /** At most 20 of each kind, by kind, those that contribute most first. */
  causes: Array<KpiCause>;
  /** What it changed by, with a reason where that cannot be told. */
  change: Metric;
  /** The code of the place. */
  code: Scalars['String']['output'];
  /** Which figure. */
  kind: Slugged;
  /** Its name. */
  name: Scalars['String']['output'];
  /** The earlier day; for a turnover of three months the last day of the quarter before. */
  since: Maybe<Scalars['Date']['output']>;
  /** The later day. */
  until: Maybe<Scalars['Date']['output']>;
  /** What of the change no SKU among the causes accounts for; null where SKUs are not told. */
  untold: Metric;
};

/** What key figures are told for. */
export type KpiGrouping =
  /** Each category */
  | 'CATEGORY'
  /** Each pool */
  | 'POOL'
  /** Each site */
  | 'SITE';

/** Why a version of an outcome was written. */
export type LabelReason =
  /** The stock-out ended */
  | 'ENDED'
  /** It became known */
  | 'KNOWN'
  /** Facts came late */
  | 'LATE_FACTS';

/** The SKU whose launch a new one is taken to repeat, as a person named it. */
export type LaunchAnalogue = Editable & Node & {
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** The last day that it holds for; null: until the SKU is established. */
  endsOn: Maybe<Scalars['Date']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** The one that it is like. */
  likeSku: Sku;
  /** Who said so: a user, or a part of the system. */
  madeBy: Scalars['String']['output'];
  /** Why, in words. */
  reason: Scalars['String']['output'];
  /** How many times as much the new one is taken to sell. */
  scale: Scalars['Decimal']['output'];
  /** The new SKU. */
  sku: Sku;
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Whose like SKU is taken back. */
export type LaunchAnalogueCancelInput = {
  /** The new SKU's code. */
  sku: Scalars['String']['input'];
};

/** A page of a list, with cursors to go on from. */
export type LaunchAnalogueConnection = {
  /** Contains the nodes in this connection */
  edges: Array<LaunchAnalogueEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type LaunchAnalogueEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: LaunchAnalogue;
};

/** The like SKU of a new one, by the new one's code. A field that is not sent is left alone; null clears it. */
export type LaunchAnalogueUpsertInput = {
  /** The last day; null: until the SKU is established. */
  endsOn?: InputMaybe<Scalars['Date']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The code of the SKU that it is like. */
  likeSku?: InputMaybe<Scalars['String']['input']>;
  /** Why: what the next person reads. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** How many times as much it sells, from 0.01 to 100; 1 by default. */
  scale?: InputMaybe<Scalars['Decimal']['input']>;
  /** The new SKU's code: what was named for it is changed, else it is named. */
  sku: Scalars['String']['input'];
};

/** What was named, or why it was not. */
export type LaunchAnalogueUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** It as it is now; null where there are errors. */
  launchAnalogue: Maybe<LaunchAnalogue>;
};

/** Demand over a lead time as one sum, at the levels of the forecast. */
export type LeadTimeDemand = {
  /** The lead time. */
  days: Scalars['Int']['output'];
  /** The lowest level first. */
  quantiles: Array<DemandQuantile>;
};

/** One leg of a lead time; legs add up. */
export type LeadTimeLeg = {
  /** How long it takes. */
  days: Scalars['Decimal']['output'];
  /** Its name, such as production. */
  name: Scalars['String']['output'];
  /** Its place, from 1. */
  position: Scalars['Int']['output'];
  /** Standard deviation of how long it takes. */
  sdDays: Scalars['Decimal']['output'];
};

/** One leg of a lead time; legs add up in their order. */
export type LeadTimeLegInput = {
  /** How long it takes. */
  days: Scalars['Decimal']['input'];
  /** Its name, such as production. */
  name: Scalars['String']['input'];
  /** Standard deviation of how long it takes. */
  sdDays?: Scalars['Decimal']['input'];
};

/** What slows a sale down that would run out of stock. */
export type Lever =
  /** Shown further down, by a person in the platform's console */
  | 'DEMOTE'
  /** Nothing for sale until it is taken back */
  | 'PAUSE'
  /** Sold as a presale */
  | 'PRESALE'
  /** To the price at which the stock lasts */
  | 'RAISE_PRICE'
  /** A longer shipping time */
  | 'SHIP_LATER';

/** A quantity of stock at which something is to be done. */
export type Line =
  /** Warning line */
  | 'ALERT_THRESHOLD'
  /** Safety stock */
  | 'SAFETY_STOCK';

/** When a line that follows the forecast is set anew. */
export type LineSchedule =
  /** With every forecast */
  | 'CONTINUOUS'
  /** Once a month */
  | 'MONTHLY'
  /** Once a week */
  | 'WEEKLY';

/** An offer on an account. Without components it is unmapped: kept, and linked later. */
export type Listing = Editable & Node & {
  /** Where it is offered. */
  account: Account;
  /** Its code, unique for its account and kind. */
  code: Scalars['String']['output'];
  /** What it delivers. */
  components: Array<ListingComponent>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** Its ids in other systems, such as the ERP's own. */
  externalRefs: Array<ExternalRef>;
  /** When it was first read. */
  firstSeenAt: Scalars['DateTime']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What its code is: sku, asin, msku, product_id, sku_id, … */
  kind: Scalars['String']['output'];
  /** When it last sold. */
  lastSoldAt: Maybe<Scalars['DateTime']['output']>;
  /** Its state on the platform. */
  status: Scalars['String']['output'];
  /** Its title. */
  title: Scalars['String']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Its address, or empty. */
  url: Scalars['String']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Units of a SKU in a listing, within dates. */
export type ListingComponent = {
  /** By which listing. */
  listing: Listing;
  /** Units that selling it once takes. */
  qty: Scalars['Quantity']['output'];
  /** What is delivered. */
  sku: Sku;
  /** First day; a day of the account's zone. */
  validFrom: Maybe<Scalars['Date']['output']>;
  /** Last day; a day of the account's zone. */
  validTo: Maybe<Scalars['Date']['output']>;
};

/** Units of a SKU that a listing delivers, within dates. */
export type ListingComponentInput = {
  /** Units that selling the listing once takes. */
  qty?: Scalars['Quantity']['input'];
  /** The SKU's code. */
  sku: Scalars['String']['input'];
  /** First day; a day of the account's zone. */
  validFrom?: InputMaybe<Scalars['Date']['input']>;
  /** Last day; a day of the account's zone. */
  validTo?: InputMaybe<Scalars['Date']['input']>;
};

/** A page of a list, with cursors to go on from. */
export type ListingConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ListingEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ListingEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Listing;
};

/** What a listing delivers. */
export type ListingLinkInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** The listing's code. */
  code: Scalars['String']['input'];
  /** All that it delivers, at most 1,000; none makes it unmapped. */
  components: Array<ListingComponentInput>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** What the listing's code is: sku, asin, msku, … */
  kind?: Scalars['String']['input'];
};

/** The listing as it is now, or why it was not linked. */
export type ListingLinkPayload = {
  /** Expected failures; nothing was linked where there are any. */
  errors: Array<UserError>;
  /** The listing; null where there are errors. */
  listing: Maybe<Listing>;
  /** Returns that had come in already and whose units were moved to what the listing delivers now. */
  movedReturns: Scalars['Int']['output'];
  /** Order lines that were counted anew, because they deliver something else now. */
  recountedLines: Scalars['Int']['output'];
};

/** What the market showed of a listing, or of a rival of it: a row where it changed. */
export type ListingSignal = Node & {
  /** The currency of a price; empty for what is none. */
  currency: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What was seen. */
  kind: ListingSignalKind;
  /** Of which listing. */
  listing: Listing;
  /** When it was so. */
  observedAt: Scalars['DateTime']['output'];
  /** When we were told. */
  recordedAt: Scalars['DateTime']['output'];
  /** Of which rival; empty for the listing itself. */
  rival: Scalars['String']['output'];
  /** The category of a rank, or empty. */
  subject: Scalars['String']['output'];
  /** The value, as a string. */
  value: Scalars['Decimal']['output'];
};

/** A page of a list, with cursors to go on from. */
export type ListingSignalConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ListingSignalEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ListingSignalEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: ListingSignal;
};

/** What the market shows of a listing. */
export type ListingSignalKind =
  /** The price that the platform features */
  | 'FEATURED_PRICE'
  /** The lowest price offered */
  | 'LOWEST_PRICE'
  /** The mean of the ratings */
  | 'RATING'
  /** Reviews in all */
  | 'REVIEWS'
  /** Sales rank; 1 is the best */
  | 'SALES_RANK';

/** What a listing without a link may deliver. */
export type ListingSuggestion = {
  /** Units that selling the listing once takes, as its title says. */
  qty: Scalars['Quantity']['output'];
  /** Why. */
  reason: Reason;
  /** How sure it is, from 0 to 1. */
  score: Scalars['Decimal']['output'];
  /** The SKU's code. */
  sku: Scalars['String']['output'];
  /** The SKU's name. */
  skuName: Scalars['String']['output'];
};

/** What became of one listing. */
export type ListingSuggestionAcceptResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** Whether the listing delivers what the row says. */
  isLinked: Scalars['Boolean']['output'];
  /** Order lines that were counted anew; 0 where it was linked like this before. */
  recountedLines: Scalars['Int']['output'];
};

/** A listing without a link, and the SKUs that it may deliver. */
export type ListingSuggestions = {
  /** The listing's code. */
  code: Scalars['String']['output'];
  /** What the listing's code is: sku, asin, msku, … */
  kind: Scalars['String']['output'];
  /** The surest first, at most five; none where nothing is alike. */
  suggestions: Array<ListingSuggestion>;
  /** The listing's title. */
  title: Scalars['String']['output'];
};

/** Suggestions of an account that a person has looked at. */
export type ListingSuggestionsAcceptInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** Sent again with the same key, other rows are refused. The same rows have no second effect, with or without it. */
  idempotencyKey?: Scalars['String']['input'];
  /** At most 200 listings; a bad row is refused alone. */
  rows: Array<SuggestionAcceptInput>;
};

/** What became of the listings. */
export type ListingSuggestionsAcceptPayload = {
  /** Failures of the whole; nothing was linked where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<ListingSuggestionAcceptResult>;
};

/** What visitors of a listing did, a number a business day of the account. Null is unknown, and never zero. */
export type ListingTraffic = {
  /** What advertising it cost, in the currency that is its unit. */
  advertising: DailySeries;
  /** When we were last told; null where never. */
  asOf: Maybe<Scalars['DateTime']['output']>;
  /** How often it was put into a cart. */
  carts: DailySeries;
  /** Clicks. */
  clicks: DailySeries;
  /** Of which listing. */
  listing: Listing;
  /** Views. */
  views: DailySeries;
  /** Visitors. */
  visitors: DailySeries;
};

/** What a live room and its author sold of a SKU. */
export type LiveRoom = {
  /** The account's code. */
  account: Scalars['String']['output'];
  /** The platform's id of the author, or empty. */
  author: Scalars['String']['output'];
  /** The platform's id of the room; empty where an author sold without one. */
  room: Scalars['String']['output'];
  /** Units by minute. */
  series: MinuteSeries;
  /** The SKU's code; a bundle is taken apart. */
  sku: Scalars['String']['output'];
  /** Units in all, without what was cancelled. */
  units: Scalars['Quantity']['output'];
};

/** A live room or an author behind a burst. */
export type LiveSeller = {
  /** The account's code. */
  account: Scalars['String']['output'];
  /** The platform's id of the author, or empty. */
  author: Scalars['String']['output'];
  /** The platform's id of the room, or empty. */
  room: Scalars['String']['output'];
  /** Units in the minutes that the alert's pace was taken from. */
  units: Scalars['Quantity']['output'];
};

/** Units that came in together. What remains is first in, first out. */
export type Lot = Node & {
  /** The lot's code, unique for its SKU and warehouse. */
  code: Scalars['String']['output'];
  /** The parts of what a unit of it cost, as they became known. */
  costs: Array<LotCost>;
  /** When it expires; a day of the warehouse's zone. */
  expiresOn: Maybe<Scalars['Date']['output']>;
  /** Its condition. */
  grade: Grade;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What a unit cost when it had landed, in the base currency, each part at its day's rate; null where it is unknown. */
  landedUnitCost: Maybe<Money>;
  /** When it was made; a day of the warehouse's zone. */
  producedOn: Maybe<Scalars['Date']['output']>;
  /** Its age counts from this day of the warehouse's zone; a transfer keeps it. */
  receivedOn: Scalars['Date']['output'];
  /** Units that came in, less those that were taken back. */
  receivedQty: Scalars['Quantity']['output'];
  /** Units still there, as of `settledAt`. */
  remainingQty: Scalars['Quantity']['output'];
  /** When what remains was last settled. */
  settledAt: Scalars['DateTime']['output'];
  /** What. */
  sku: Sku;
  /** Where. */
  warehouse: Warehouse;
};

/** What one lot held at a moment. */
export type LotAsOf = {
  /** How old it was at the moment. */
  ageDays: Scalars['Int']['output'];
  /** The lot's code. */
  code: Scalars['String']['output'];
  /** The lot's id. */
  lotId: Scalars['ID']['output'];
  /** Units that it held. */
  qty: Scalars['Quantity']['output'];
  /** Its age counts from this day. */
  receivedOn: Scalars['Date']['output'];
  /** The SKU's code. */
  sku: Scalars['String']['output'];
  /** What a unit had cost when it had landed; null where that is unknown. */
  unitCost: Maybe<Money>;
  /** What its units had cost, to the cent; null where that is unknown. The values of an answer add up to its total. */
  valueAmount: Maybe<Money>;
  /** The warehouse's code. */
  warehouse: Scalars['String']['output'];
};

/** A page of a list, with cursors to go on from. */
export type LotConnection = {
  /** Contains the nodes in this connection */
  edges: Array<LotEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A part of what a unit of a lot cost. A late invoice adds one; none is ever changed. */
export type LotCost = {
  /** What it was for. */
  kind: CostKind;
  /** The day whose exchange rate converts it. */
  rateOn: Scalars['Date']['output'];
  /** When it became known. */
  recordedAt: Scalars['DateTime']['output'];
  /** The amount a unit; below zero for a credit note. */
  unitAmount: Money;
};

/** A part of what a unit of a lot cost. */
export type LotCostInput = {
  /** Its currency, ISO 4217. */
  currency: Scalars['String']['input'];
  /** What it was for. */
  kind: CostKind;
  /** The day whose exchange rate converts it, such as the invoice's; the day of receipt where it is not sent. */
  rateOn?: InputMaybe<Scalars['Date']['input']>;
  /** The amount a unit, at most six decimal places: an invoice divided by its units. Below zero for a credit. */
  unitAmount: Scalars['Decimal']['input'];
};

/** A late invoice for a lot. */
export type LotCostsRecordInput = {
  /** What it adds to the cost of a unit. */
  costs: Array<LotCostInput>;
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** The lot's code. */
  lot: Scalars['String']['input'];
  /** The SKU's code. */
  sku: Scalars['String']['input'];
  /** The warehouse's code. */
  warehouse: Scalars['String']['input'];
};

/** The lot with its costs, or why none were added. */
export type LotCostsRecordPayload = {
  /** Expected failures; nothing was recorded where there are any. */
  errors: Array<UserError>;
  /** The lot as it is now; null where there are errors. */
  lot: Maybe<Lot>;
  /** Whether the key had recorded them before, so that nothing changed now. */
  wasRecordedBefore: Scalars['Boolean']['output'];
};

/** An edge in a connection. */
export type LotEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Lot;
};

/** Lots at a moment: with the units without a lot, all that lay in the warehouses. */
export type LotsAsOf = {
  /** The moment: what had happened by then. */
  at: Scalars['DateTime']['output'];
  /** The lots that held something, what leaves first first. */
  lots: Array<LotAsOf>;
  /** As far as it was known by then; null for what is known now. */
  recordedAt: Maybe<Scalars['DateTime']['output']>;
  /** What the units whose cost is known had cost. */
  totalAmount: Money;
  /** What lay there without a lot. */
  withoutLot: Array<StockWithoutLot>;
};

/** A rival of a SKU on an account's marketplace, as it was seen on a day. Null is unknown, never 0. */
export type MarketObservation = Node & {
  /** The account whose marketplace it is. */
  account: Account;
  /** Days since it was seen; a day of the site's zone. */
  ageDays: Scalars['Int']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it is too old for the rule `market-fall`, by the age that the rule has for the SKU in the pools that serve the account; where they differ, the longest. */
  isOutOfDate: Scalars['Boolean']['output'];
  /** Units that it sells a month, as the source estimates. */
  monthlySales: Maybe<Scalars['Decimal']['output']>;
  /** The day on which it was seen. */
  observedOn: Scalars['Date']['output'];
  /** When we were told. */
  recordedAt: Scalars['DateTime']['output'];
  /** Its reviews in all. */
  reviews: Maybe<Scalars['Int']['output']>;
  /** The rival's code on the marketplace. */
  rival: Scalars['String']['output'];
  /** Its sales rank; 1 is the best. */
  salesRank: Maybe<Scalars['Int']['output']>;
  /** The SKU that it rivals. */
  sku: Sku;
  /** The tool or platform that says so, or empty. */
  source: Scalars['String']['output'];
};

/** A page of a list, with cursors to go on from. */
export type MarketObservationConnection = {
  /** Contains the nodes in this connection */
  edges: Array<MarketObservationEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type MarketObservationEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: MarketObservation;
};

/** A rival of a SKU, seen on a day. Null is unknown; at least one number is needed. */
export type MarketObservationInput = {
  /** The code of the account whose market it is. */
  account: Scalars['String']['input'];
  /** Units that it sells a month, as estimated. */
  monthlySales?: InputMaybe<Scalars['Decimal']['input']>;
  /** The day; today or earlier. */
  observedOn: Scalars['Date']['input'];
  /** Its reviews in all. */
  reviews?: InputMaybe<Scalars['Int']['input']>;
  /** The rival's code on the marketplace. */
  rival: Scalars['String']['input'];
  /** Its sales rank; 1 is the best. */
  salesRank?: InputMaybe<Scalars['Int']['input']>;
  /** The code of the SKU that it rivals. */
  sku: Scalars['String']['input'];
  /** The tool that says so. */
  source?: Scalars['String']['input'];
};

/** What became of one observation. */
export type MarketObservationRecordResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** What became of it. */
  status: RowStatus;
};

/** Many observations of rivals at once. */
export type MarketObservationsRecordInput = {
  /** At most 1,000; a bad row is refused alone. */
  rows: Array<MarketObservationInput>;
};

/** What became of the observations. */
export type MarketObservationsRecordPayload = {
  /** The change set of all rows, for `changeSetUndo`; null where nothing was changed. */
  changeSetId: Maybe<Scalars['ID']['output']>;
  /** Failures of the whole; nothing was written where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<MarketObservationRecordResult>;
};

/** What the market says and history does not; raises or lowers the forecast. */
export type MarketSignal = DatedPlan & Editable & Node & {
  /** Where; null for every account. */
  account: Maybe<Account>;
  /** Of which category, with all beneath it; null for every one. */
  category: Maybe<Category>;
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** The last day. */
  endsOn: Scalars['Date']['output'];
  /** The day that it expired on because sales did not follow; null while it holds. */
  expiredOn: Maybe<Scalars['Date']['output']>;
  /** What the forecast is multiplied by. */
  factor: Scalars['Decimal']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What it tells of. */
  kind: SignalKind;
  /** Who said so: a user, or a part of the system. */
  madeBy: Scalars['String']['output'];
  /** Whether it expires after a week that sales do not follow. */
  mustBeFollowed: Scalars['Boolean']['output'];
  /** From which stock; null for every pool. */
  pool: Maybe<StockPool>;
  /** Units a day before it, by which it expired; null where it did not. */
  rateBefore: Maybe<Scalars['Decimal']['output']>;
  /** Units a day since, by which it expired; null where it did not. */
  rateSince: Maybe<Scalars['Decimal']['output']>;
  /** Why, in words. */
  reason: Scalars['String']['output'];
  /** Of what; null for every SKU. */
  sku: Maybe<Sku>;
  /** Where it comes from, or empty. */
  source: Scalars['String']['output'];
  /** The first day. */
  startsOn: Scalars['Date']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** What was observed then, such as rank 8; null where nothing was. */
  valueAfter: Maybe<Scalars['Decimal']['output']>;
  /** What was observed before, such as rank 40; null where nothing was. */
  valueBefore: Maybe<Scalars['Decimal']['output']>;
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Which signal is taken back. */
export type MarketSignalCancelInput = {
  /** Its code. */
  code: Scalars['String']['input'];
};

/** A page of a list, with cursors to go on from. */
export type MarketSignalConnection = {
  /** Contains the nodes in this connection */
  edges: Array<MarketSignalEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type MarketSignalEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: MarketSignal;
};

/** A signal of the market by its code. A field that is not sent is left alone; null clears it. */
export type MarketSignalUpsertInput = {
  /** The account's code; null for every account. */
  account?: InputMaybe<Scalars['String']['input']>;
  /** The category's code, with all beneath it; null for every one. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** Its unique code: an existing one is changed, else one is made. */
  code: Scalars['String']['input'];
  /** The last day. */
  endsOn?: InputMaybe<Scalars['Date']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** What the forecast is multiplied by: below 1 it is lowered. */
  factor?: InputMaybe<Scalars['Decimal']['input']>;
  /** What it tells of. */
  kind?: InputMaybe<SignalKind>;
  /** Whether it expires after a week that sales do not follow. */
  mustBeFollowed?: InputMaybe<Scalars['Boolean']['input']>;
  /** The pool's code; null for every pool. */
  pool?: InputMaybe<Scalars['String']['input']>;
  /** Why: what the next person reads. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** The SKU's code; null for every SKU. */
  sku?: InputMaybe<Scalars['String']['input']>;
  /** Where it comes from. */
  source?: InputMaybe<Scalars['String']['input']>;
  /** The first day. */
  startsOn?: InputMaybe<Scalars['Date']['input']>;
  /** What was observed then, such as rank 8. */
  valueAfter?: InputMaybe<Scalars['Decimal']['input']>;
  /** What was observed before, such as rank 40. */
  valueBefore?: InputMaybe<Scalars['Decimal']['input']>;
};

/** The signal that was written, or why it was not. */
export type MarketSignalUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The signal as it is now; null where there are errors. */
  marketSignal: Maybe<MarketSignal>;
};

/** What the rivals of a SKU on an account's marketplace did in the thirty days until it was seen last, against the thirty before: the rival in the middle speaks. */
export type MarketTrend = Node & {
  /** The account whose marketplace it is. */
  account: Account;
  /** Days since one of them was seen; a day of the site's zone. */
  ageDays: Scalars['Int']['output'];
  /** The rivals that it is made of, at most 50: those seen last first, of a day by their codes. */
  evidence: Array<RivalTrend>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it is too old for the rule `market-fall`, which then names it and does not use it: by the age that the rule has for the SKU in the pools that serve the account; where they differ, the longest. */
  isOutOfDate: Scalars['Boolean']['output'];
  /** The day on which one of them was seen last. */
  observedOn: Scalars['Date']['output'];
  /** What became of their prices, worked out from what is known now. */
  prices: RivalPrices;
  /** By which share their sales ranks changed. More is worse, because rank 1 is the best. */
  rankChange: Metric;
  /** By which share the reviews changed that they won a day. */
  reviewChange: Metric;
  /** How many rivals were seen in the two windows. */
  rivals: Scalars['Int']['output'];
  /** By which share their estimated sales changed. */
  salesChange: Metric;
  /** The SKU whose rivals they are. */
  sku: Sku;
  /** When it was worked out. */
  updatedAt: Scalars['DateTime']['output'];
};

/** A page of a list, with cursors to go on from. */
export type MarketTrendConnection = {
  /** Contains the nodes in this connection */
  edges: Array<MarketTrendEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type MarketTrendEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: MarketTrend;
};

/** A marketplace that accounts can be connected to. Plugins bring them. */
export type Marketplace = {
  /** JSON Schema of what `accountConnect` wants as `config`, secrets among it; Chinese as `title_zh`, `description_zh`. */
  configSchema: Scalars['JSON']['output'];
  /** The kinds of data that its connector brings. */
  feeds: Array<Scalars['String']['output']>;
  /** Which. */
  marketplace: Slugged;
  /** Its shop fronts. */
  sites: Array<MarketplaceSite>;
  /** Whether it pushes: give it the account's `webhookPath`. */
  takesWebhooks: Scalars['Boolean']['output'];
};

/** A national shop front of a marketplace. */
export type MarketplaceSite = {
  /** The currency that it pays in, ISO 4217. */
  currency: Scalars['String']['output'];
  /** Which, by its code. */
  site: Slugged;
  /** IANA zone of its business days. */
  timeZone: Scalars['String']['output'];
};

/** A computed number. `value` is null exactly where `reason` says why there is none. */
export type Metric = {
  /** The moment whose facts the number was made of. */
  asOf: Maybe<Scalars['DateTime']['output']>;
  /** The formula and its inputs; null for a number that is stored as it is. */
  explain: Maybe<Explanation>;
  /** Why there is no number: NO_SALES, NO_COST, NO_FORECAST, … */
  reason: Maybe<Scalars['String']['output']>;
  /** A unit of the glossary (unit, day, unit/day, ratio) or an ISO 4217 currency. */
  unit: Scalars['String']['output'];
  /** The number as a decimal string. */
  value: Maybe<Scalars['Decimal']['output']>;
};

/** Forecast and actual of the first days after a date: a mini-review of the first week or the first month. */
export type MiniReview = {
  /** Units sold; null until the days are over. */
  actualQty: Maybe<Scalars['Decimal']['output']>;
  /** 7 or 30. */
  days: Scalars['Int']['output'];
  /** Actual less forecast over forecast. */
  differenceShare: Maybe<Scalars['Decimal']['output']>;
  /** The day after the last one, on which it can be told. */
  dueOn: Scalars['Date']['output'];
  /** The first day of the forecast that was in force. */
  firstOn: Scalars['Date']['output'];
  /** Units forecast; null where the forecast was shorter. */
  forecastQty: Maybe<Scalars['Decimal']['output']>;
  /** Why a number is not there; empty where all are. */
  reason: Scalars['String']['output'];
  /** Days on which it could not be sold: then what was sold proves less. */
  stockoutDays: Scalars['Int']['output'];
};

/** A series of minutes as columns: the value of step n is `values[n]`, at `from` plus n steps. */
export type MinuteSeries = {
  /** The first minute. */
  from: Scalars['DateTime']['output'];
  /** The step as an ISO-8601 duration: PT1M. */
  step: Scalars['String']['output'];
  /** What is counted. */
  unit: Scalars['String']['output'];
  /** The values; 0 where nothing was sold. */
  values: Array<Scalars['Int']['output']>;
};

/** An exact amount in one currency. */
export type Money = {
  /** At most six decimal places, as a string. */
  amount: Scalars['Decimal']['output'];
  /** ISO 4217, such as CNY or USD. */
  currency: Scalars['String']['output'];
};

/** An exact amount in one currency. */
export type MoneyInput = {
  /** At most six decimal places, as a string. */
  amount: Scalars['Decimal']['input'];
  /** ISO 4217, such as CNY or USD. */
  currency: Scalars['String']['input'];
};

/** Units that left one bucket and entered another; an empty side is the world outside. Never changed, never deleted. */
export type Movement = Node & {
  /** Who caused it. */
  actor: Scalars['String']['output'];
  /** The bucket that the units left; null where they came from outside. */
  fromBucket: Maybe<Bucket>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** The key under which it was posted: the same key has no second effect. */
  key: Scalars['String']['output'];
  /** What moved them. */
  kind: MovementKind;
  /** When it happened. */
  occurredAt: Scalars['DateTime']['output'];
  /** How many; always positive. */
  qty: Scalars['Quantity']['output'];
  /** Why, in words, or empty. */
  reason: Scalars['String']['output'];
  /** When we were told. */
  recordedAt: Scalars['DateTime']['output'];
  /** What caused it, such as order:dy-main:123, or empty. */
  reference: Scalars['String']['output'];
  /** What. */
  sku: Sku;
  /** The bucket that the units entered; null where they went outside. */
  toBucket: Maybe<Bucket>;
  /** Where. */
  warehouse: Warehouse;
};

/** A page of a list, with cursors to go on from. */
export type MovementConnection = {
  /** Contains the nodes in this connection */
  edges: Array<MovementEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type MovementEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Movement;
};

/** Which movements. A field that is not sent does not narrow them. */
export type MovementFilter = {
  /** Only those that left or entered the bucket with this slug. */
  bucket?: InputMaybe<Scalars['String']['input']>;
  /** Only those of these kinds. */
  kinds?: InputMaybe<Array<MovementKind>>;
  /** Only what happened before this instant. */
  occurredBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Only what happened at or after this instant. */
  occurredFrom?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What moved stock. */
export type MovementKind =
  /** Adjustment */
  | 'ADJUST'
  /** Cancelled supply */
  | 'CANCEL'
  /** Correction of the ledger */
  | 'CORRECT'
  /** Stock count */
  | 'COUNT'
  /** Left the supplier */
  | 'DEPART'
  /** Disposal */
  | 'DISPOSE'
  /** Move between buckets */
  | 'MOVE'
  /** Observed on the platform */
  | 'OBSERVE'
  /** Opening stock */
  | 'OPENING'
  /** Ordered from a supplier */
  | 'ORDER'
  /** Receipt */
  | 'RECEIVE'
  /** Release */
  | 'RELEASE'
  /** Removal to the owner */
  | 'REMOVE'
  /** Reservation */
  | 'RESERVE'
  /** Return */
  | 'RETURN'
  /** Shipment */
  | 'SHIP'
  /** Transfer between warehouses */
  | 'TRANSFER';

/** Units that leave a bucket, enter one, or both. Name at least one of the two. */
export type MovementRecordInput = {
  /** The bucket that they leave; null where they come from outside. */
  fromBucket?: InputMaybe<Scalars['String']['input']>;
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** When it happened; now where it is not sent. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** How many; positive. */
  qty: Scalars['Quantity']['input'];
  /** Why, in words. */
  reason: Scalars['String']['input'];
  /** What caused it, such as a document of the ERP. */
  reference?: Scalars['String']['input'];
  /** The SKU's code. */
  sku: Scalars['String']['input'];
  /** The bucket that they enter; null where they go outside. */
  toBucket?: InputMaybe<Scalars['String']['input']>;
  /** The warehouse's code. */
  warehouse: Scalars['String']['input'];
};

/** The movement that was recorded, or why it was not. */
export type MovementRecordPayload = {
  /** Expected failures; nothing was recorded where there are any. */
  errors: Array<UserError>;
  /** The movement; null where there are errors. */
  movement: Maybe<Movement>;
  /** Whether the key had recorded it before, so that nothing changed now. */
  wasRecordedBefore: Scalars['Boolean']['output'];
};

export type Mutation = {
  /** Begins an authorisation in the browser: gives the address at which this user goes on. */
  accountAuthorizeStart: AccountAuthorizeStartPayload;
  /** Makes or changes an account, obtains its tokens where its configuration suffices, and tests the connection. */
  accountConnect: AccountConnectionPayload;
  /** Forgets the tokens of an account: nothing is read or pushed until somebody connects it again. */
  accountDisconnect: AccountDisconnectPayload;
  /** Tests the connection of an account. One that had been lost and works again is authorised from then on. */
  accountTest: AccountConnectionPayload;
  /** Makes warehouses here that the platform has: observed where it counts their stock itself. */
  accountWarehousesAdopt: AccountWarehousesAdoptPayload;
  /** Says that somebody has seen alerts. Saying it again changes nothing. */
  alertAcknowledge: AlertsPayload;
  /** Says that alerts are dealt with. */
  alertResolve: AlertsPayload;
  /** Takes alerts out of Today for a while. */
  alertSnooze: AlertsPayload;
  /** Takes a step with many alerts, with each for itself. */
  alertStepsSubmit: AlertStepsPayload;
  /** Ends a subscription. */
  alertSubscriptionDelete: AlertSubscriptionPayload;
  /** Says who is told of which alerts: oneself, or, for those who manage people, anybody. */
  alertSubscriptionUpsert: AlertSubscriptionPayload;
  /** Adds benchmarks of categories, keyed by category and day: one that is told again takes the place of the first. */
  categoryBenchmarksRecord: CategoryBenchmarksRecordPayload;
  /** Gives every object of a change set its old values back, unless somebody has changed it since. */
  changeSetUndo: ChangeSetUndoPayload;
  /** Calls a contingency plan off. */
  contingencyPlanCancel: ContingencyPlanUpsertPayload;
  /** Makes or changes a contingency plan. */
  contingencyPlanUpsert: ContingencyPlanUpsertPayload;
  /** Ends a run that has not ended. What its finished parts have written stays; no other part is begun. */
  cycleCancel: CycleCancelPayload;
  /** Asks for a run of a cycle. Workers take it up; it is not waited for. */
  cycleRun: CycleRunPayload;
  /** Takes a mark back: cleaning judges the days by itself again. */
  dayMarkCancel: DayMarkUpsertPayload;
  /** Says how forecasts take past days of sales: as they were, not at all, or as so many units. */
  dayMarkUpsert: DayMarkUpsertPayload;
  /** Makes or changes up to 1,000 marks of days. */
  dayMarksUpsert: DayMarksUpsertPayload;
  /** Tries a message again that was given up. */
  deliveryRetry: DeliveryPayload;
  /** Nothing goes there any more; what went there can still be read. */
  endpointDelete: EndpointPayload;
  /** Sends a test message. What becomes of it is told by its delivery, a moment later. */
  endpointTest: DeliveryPayload;
  /** Makes or changes a place that messages go to. Secrets go in and never come out. */
  endpointUpsert: EndpointPayload;
  /** Stops reading a feed, after the page that is on its way. Pausing it again changes nothing. */
  feedPause: FeedPayload;
  /** Has a feed read now, or again from a date: also one that was refused or is left alone. */
  feedRead: FeedPayload;
  /** Goes on reading a feed that was paused, from where it stopped. */
  feedResume: FeedPayload;
  /** Says how often a feed is read. */
  feedSchedule: FeedPayload;
  /** Takes an adjustment or a lock back. */
  forecastAdjustmentCancel: ForecastAdjustmentUpsertPayload;
  /** Makes or changes a factor on a forecast, or a lock in its place. */
  forecastAdjustmentUpsert: ForecastAdjustmentUpsertPayload;
  /** Takes a step with an incident and all its open alerts. */
  incidentStepSubmit: IncidentStepPayload;
  /** Takes a named like SKU back: the choice is automatic again. */
  launchAnalogueCancel: LaunchAnalogueUpsertPayload;
  /** Names the SKU whose launch a new one is taken to repeat, with a scale. */
  launchAnalogueUpsert: LaunchAnalogueUpsertPayload;
  /** Says what a listing delivers, and counts its orders and returns anew. */
  listingLink: ListingLinkPayload;
  /** Links listings that deliver nothing yet, and counts their orders in. */
  listingSuggestionsAccept: ListingSuggestionsAcceptPayload;
  /** Adds what became known late of what a lot cost, such as freight or duty. Nothing is overwritten. */
  lotCostsRecord: LotCostsRecordPayload;
  /** Adds what rivals do. An observation that is there already, of the same day and source, stays: it is the same fact. */
  marketObservationsRecord: MarketObservationsRecordPayload;
  /** Takes a signal back. */
  marketSignalCancel: MarketSignalUpsertPayload;
  /** Makes or changes a signal of the market. */
  marketSignalUpsert: MarketSignalUpsertPayload;
  /** Records a movement of stock: an adjustment, or a move between two buckets. */
  movementRecord: MovementRecordPayload;
  /** Makes or changes a supplier's terms for a SKU. */
  offerUpsert: OfferUpsertPayload;
  /** Makes or changes up to 1,000 offers. */
  offersUpsert: OffersUpsertPayload;
  /** Sends orders: they are durable when this answers. Sending them again has no second effect. */
  ordersSubmit: OrdersSubmitPayload;
  /** Calls a planned event off. */
  plannedEventCancel: PlannedEventUpsertPayload;
  /** Makes or changes a planned event; forecasts follow with the next forecast cycle. */
  plannedEventUpsert: PlannedEventUpsertPayload;
  /** Makes or changes up to 1,000 planned events. */
  plannedEventsUpsert: PlannedEventsUpsertPayload;
  /** Lets a push be sent. Refused for a read-only account. */
  pushApprove: PushPayload;
  /** Gives a push up that is not being sent. */
  pushCancel: PushPayload;
  /** Makes a push that waits for approval. The same decision on the same facts is the same push. */
  pushCreate: PushPayload;
  /** Makes the push of a lever that slows a sale down. It waits for approval as any other. */
  pushLeverCreate: PushPayload;
  /** What would be pushed, tried out on the platform without changing anything. */
  pushPreview: PushPreviewPayload;
  /** Tries a push again that failed, or whose outcome is unknown. */
  pushRetry: PushPayload;
  /** Makes a push that sets back what another one changed. It waits for approval as any other. */
  pushRevert: PushPayload;
  /** Sets what an account allows: the largest change, the stop, whether stock follows. */
  pushSettingsUpsert: PushSettingsUpsertPayload;
  /** Settles records in quarantine that nobody needs, with a reason. */
  quarantineDismiss: QuarantineDismissPayload;
  /** Tries records in quarantine again. */
  quarantineRetry: QuarantineRetryPayload;
  /** Books in units as one lot, with what they cost. */
  receiptRecord: ReceiptRecordPayload;
  /** Has kept records applied again. Where nothing has changed since, nothing changes. */
  recordsReprocess: RecordsReprocessPayload;
  /** Says that something which an alert asks for is done. Saying it again changes nothing. */
  responseStepComplete: ResponseStepPayload;
  /** Books in what a customer sent back, by its condition. */
  returnRecord: ReturnRecordPayload;
  /** Sets a parameter of a rule, for all SKUs or some, for good or for a time. */
  ruleParameterCreate: RuleParameterCreatePayload;
  /** Ends values of rules' parameters before their time. */
  ruleParametersCancel: RuleParametersCancelPayload;
  /** Sets parameters of rules, up to a thousand at once. */
  ruleParametersCreate: RuleParametersCreatePayload;
  /** Makes or changes a SKU. */
  skuUpsert: SkuUpsertPayload;
  /** Makes or changes up to 1,000 SKUs. */
  skusUpsert: SkusUpsertPayload;
  /** Ends stages that were set by hand: they are again what they would be without. */
  stageOverrideCancel: StageOverridePayload;
  /** Sets the stage of SKUs by hand until a day. */
  stageOverrideCreate: StageOverridePayload;
  /** Takes over a stock count: posts what it differs by, and disputes what it differs by too much. */
  stockCountRecord: StockCountRecordPayload;
  /** Takes units out of the stock that are destroyed. */
  stockDispose: MovementRecordPayload;
  /** Holds automatic decisions about a SKU in a warehouse. */
  stockDisputeOpen: StockDisputePayload;
  /** Settles a dispute: automatic decisions go on. */
  stockDisputeResolve: StockDisputePayload;
  /** Ends an override before its time: the line is again what it would be without. */
  stockOverrideCancel: StockOverridePayload;
  /** Sets a quantity in place of a line, or a factor on it, for a time. */
  stockOverrideCreate: StockOverridePayload;
  /** Takes units out of the stock: back to their owner, or to another warehouse as a transfer. */
  stockRemove: StockRemovePayload;
  /** Makes, changes or takes away the rule for what listings show. */
  stockRuleUpsert: StockRuleUpsertPayload;
  /** Accepts a variance, which writes missing units off, or receives units that were found. */
  stockVarianceResolve: StockVarianceResolvePayload;
  /** Makes or changes a supplier. */
  supplierUpsert: SupplierUpsertPayload;
  /** Makes or changes up to 1,000 suppliers. */
  suppliersUpsert: SuppliersUpsertPayload;
  /** Makes or changes a transfer, and moves stock as far as it says. Sent again, it changes nothing. */
  transferUpsert: TransferUpsertPayload;
  /** Makes or changes a warehouse. */
  warehouseUpsert: WarehouseUpsertPayload;
  /** Makes or changes up to 1,000 warehouses. */
  warehousesUpsert: WarehousesUpsertPayload;
  /** Has messages of platforms worked on again at once, with all their attempts ahead. */
  webhookRetry: WebhookRetryPayload;
};


export type MutationAccountAuthorizeStartArgs = {
  input: AccountAuthorizeStartInput;
};


export type MutationAccountConnectArgs = {
  input: AccountConnectInput;
};


export type MutationAccountDisconnectArgs = {
  input: AccountDisconnectInput;
};


export type MutationAccountTestArgs = {
  input: AccountTestInput;
};


export type MutationAccountWarehousesAdoptArgs = {
  input: AccountWarehousesAdoptInput;
};


export type MutationAlertAcknowledgeArgs = {
  input: AlertAcknowledgeInput;
};


export type MutationAlertResolveArgs = {
  input: AlertResolveInput;
};


export type MutationAlertSnoozeArgs = {
  input: AlertSnoozeInput;
};


export type MutationAlertStepsSubmitArgs = {
  input: AlertStepsSubmitInput;
};


export type MutationAlertSubscriptionDeleteArgs = {
  input: AlertSubscriptionDeleteInput;
};


export type MutationAlertSubscriptionUpsertArgs = {
  input: AlertSubscriptionUpsertInput;
};


export type MutationCategoryBenchmarksRecordArgs = {
  input: CategoryBenchmarksRecordInput;
};


export type MutationChangeSetUndoArgs = {
  input: ChangeSetUndoInput;
};


export type MutationContingencyPlanCancelArgs = {
  input: ContingencyPlanCancelInput;
};


export type MutationContingencyPlanUpsertArgs = {
  input: ContingencyPlanUpsertInput;
};


export type MutationCycleCancelArgs = {
  input: CycleCancelInput;
};


export type MutationCycleRunArgs = {
  input: CycleRunInput;
};


export type MutationDayMarkCancelArgs = {
  input: DayMarkCancelInput;
};


export type MutationDayMarkUpsertArgs = {
  input: DayMarkUpsertInput;
};


export type MutationDayMarksUpsertArgs = {
  input: DayMarksUpsertInput;
};


export type MutationDeliveryRetryArgs = {
  input: DeliveryRetryInput;
};


export type MutationEndpointDeleteArgs = {
  input: EndpointInput;
};


export type MutationEndpointTestArgs = {
  input: EndpointInput;
};


export type MutationEndpointUpsertArgs = {
  input: EndpointUpsertInput;
};


export type MutationFeedPauseArgs = {
  input: FeedInput;
};


export type MutationFeedReadArgs = {
  input: FeedReadInput;
};


export type MutationFeedResumeArgs = {
  input: FeedInput;
};


export type MutationFeedScheduleArgs = {
  input: FeedScheduleInput;
};


export type MutationForecastAdjustmentCancelArgs = {
  input: ForecastAdjustmentCancelInput;
};


export type MutationForecastAdjustmentUpsertArgs = {
  input: ForecastAdjustmentUpsertInput;
};


export type MutationIncidentStepSubmitArgs = {
  input: IncidentStepSubmitInput;
};


export type MutationLaunchAnalogueCancelArgs = {
  input: LaunchAnalogueCancelInput;
};


export type MutationLaunchAnalogueUpsertArgs = {
  input: LaunchAnalogueUpsertInput;
};


export type MutationListingLinkArgs = {
  input: ListingLinkInput;
};


export type MutationListingSuggestionsAcceptArgs = {
  input: ListingSuggestionsAcceptInput;
};


export type MutationLotCostsRecordArgs = {
  input: LotCostsRecordInput;
};


export type MutationMarketObservationsRecordArgs = {
  input: MarketObservationsRecordInput;
};


export type MutationMarketSignalCancelArgs = {
  input: MarketSignalCancelInput;
};


export type MutationMarketSignalUpsertArgs = {
  input: MarketSignalUpsertInput;
};


export type MutationMovementRecordArgs = {
  input: MovementRecordInput;
};


export type MutationOfferUpsertArgs = {
  input: OfferUpsertInput;
};


export type MutationOffersUpsertArgs = {
  input: OffersUpsertInput;
};


export type MutationOrdersSubmitArgs = {
  input: OrdersSubmitInput;
};


export type MutationPlannedEventCancelArgs = {
  input: PlannedEventCancelInput;
};


export type MutationPlannedEventUpsertArgs = {
  input: PlannedEventUpsertInput;
};


export type MutationPlannedEventsUpsertArgs = {
  input: PlannedEventsUpsertInput;
};


export type MutationPushApproveArgs = {
  input: PushApproveInput;
};


export type MutationPushCancelArgs = {
  input: PushCancelInput;
};


export type MutationPushCreateArgs = {
  input: PushCreateInput;
};


export type MutationPushLeverCreateArgs = {
  input: PushLeverCreateInput;
};


export type MutationPushPreviewArgs = {
  input: PushPreviewInput;
};


export type MutationPushRetryArgs = {
  input: PushRetryInput;
};


export type MutationPushRevertArgs = {
  input: PushRevertInput;
};


export type MutationPushSettingsUpsertArgs = {
  input: PushSettingsUpsertInput;
};


export type MutationQuarantineDismissArgs = {
  input: QuarantineDismissInput;
};


export type MutationQuarantineRetryArgs = {
  input: QuarantineRetryInput;
};


export type MutationReceiptRecordArgs = {
  input: ReceiptRecordInput;
};


export type MutationRecordsReprocessArgs = {
  input: RecordsReprocessInput;
};


export type MutationResponseStepCompleteArgs = {
  input: ResponseStepCompleteInput;
};


export type MutationReturnRecordArgs = {
  input: ReturnRecordInput;
};


export type MutationRuleParameterCreateArgs = {
  input: RuleParameterCreateInput;
};


export type MutationRuleParametersCancelArgs = {
  input: RuleParametersCancelInput;
};


export type MutationRuleParametersCreateArgs = {
  input: RuleParametersCreateInput;
};


export type MutationSkuUpsertArgs = {
  input: SkuUpsertInput;
};


export type MutationSkusUpsertArgs = {
  input: SkusUpsertInput;
};


export type MutationStageOverrideCancelArgs = {
  input: StageOverrideCancelInput;
};


export type MutationStageOverrideCreateArgs = {
  input: StageOverrideCreateInput;
};


export type MutationStockCountRecordArgs = {
  input: StockCountRecordInput;
};


export type MutationStockDisposeArgs = {
  input: StockDisposeInput;
};


export type MutationStockDisputeOpenArgs = {
  input: StockDisputeOpenInput;
};


export type MutationStockDisputeResolveArgs = {
  input: StockDisputeResolveInput;
};


export type MutationStockOverrideCancelArgs = {
  input: StockOverrideCancelInput;
};


export type MutationStockOverrideCreateArgs = {
  input: StockOverrideCreateInput;
};


export type MutationStockRemoveArgs = {
  input: StockRemoveInput;
};


export type MutationStockRuleUpsertArgs = {
  input: StockRuleUpsertInput;
};


export type MutationStockVarianceResolveArgs = {
  input: StockVarianceResolveInput;
};


export type MutationSupplierUpsertArgs = {
  input: SupplierUpsertInput;
};


export type MutationSuppliersUpsertArgs = {
  input: SuppliersUpsertInput;
};


export type MutationTransferUpsertArgs = {
  input: TransferUpsertInput;
};


export type MutationWarehouseUpsertArgs = {
  input: WarehouseUpsertInput;
};


export type MutationWarehousesUpsertArgs = {
  input: WarehousesUpsertInput;
};


export type MutationWebhookRetryArgs = {
  input: WebhookRetryInput;
};

/** The smallest change of one fact that turns a comparison over, as a part of the fact itself. */
export type NextChange = {
  /** Where the formula decides otherwise, all else as it is. */
  at: Maybe<Scalars['Decimal']['output']>;
  /** What it gives beyond that; null where it would have no number. */
  gives: Maybe<Scalars['Decimal']['output']>;
  /** Its name for a person, in the language of the request. */
  label: Maybe<Scalars['String']['output']>;
  /** The slug of the fact. */
  name: Scalars['String']['output'];
  /** Where it comes from. */
  source: Maybe<Scalars['String']['output']>;
  /** Its unit. */
  unit: Maybe<Scalars['String']['output']>;
  /** What it is now. */
  value: Maybe<Scalars['Decimal']['output']>;
};

/** An object with a Globally Unique ID */
export type Node = {
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
};

/** The input names something that is not there, or that the user may not see. */
export type NotFoundError = UserError & {
  /** Stable and machine-readable, such as insufficient_stock. */
  code: Scalars['String']['output'];
  /** A sentence for a person, in the language of the request. */
  message: Scalars['String']['output'];
  /** The values that the message speaks of, by name. */
  params: Scalars['JSON']['output'];
  /** The input field at fault, outermost first; empty where it is none of them. */
  path: Array<Scalars['String']['output']>;
};

/** A way to reach people or systems. Plugins add some. */
export type Notifier = {
  /** Whether the stock report goes along whole. */
  attachesReports: Scalars['Boolean']['output'];
  /** JSON Schema of what an endpoint of it needs, secrets among it. */
  configSchema: Scalars['JSON']['output'];
  /** Alerts that one message lists; the rest is counted. */
  maxItems: Scalars['Int']['output'];
  /** Which channel. */
  notifier: Slugged;
  /** Messages that one endpoint bears within a minute; null for no limit. */
  perMinute: Maybe<Scalars['Int']['output']>;
};

/** A supplier's terms for a SKU. */
export type Offer = Editable & Node & {
  /** Units in a case; orders are whole cases. */
  casePack: Scalars['Quantity']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** The currency of its prices, ISO 4217. */
  currency: Scalars['String']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** Its ids in other systems, such as the ERP's own. */
  externalRefs: Array<ExternalRef>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it can be used. */
  isActive: Scalars['Boolean']['output'];
  /** Days from order to stock, where no legs are given. */
  leadTimeDays: Maybe<Scalars['Decimal']['output']>;
  /** Standard deviation of the lead time in days. */
  leadTimeSdDays: Maybe<Scalars['Decimal']['output']>;
  /** The legs of the lead time, in order. */
  legs: Array<LeadTimeLeg>;
  /** The smallest quantity that can be ordered. */
  moq: Scalars['Quantity']['output'];
  /** Where it is delivered to; null for every pool. */
  pool: Maybe<StockPool>;
  /** The lowest number is asked first. */
  preference: Scalars['Int']['output'];
  /** Prices by quantity, the smallest quantity first. */
  priceBreaks: Array<PriceBreak>;
  /** What is offered. */
  sku: Sku;
  /** Who offers. */
  supplier: Supplier;
  /** The supplier's code for the SKU, or empty. */
  supplierSku: Scalars['String']['output'];
  /** The price of one unit below the first price break. */
  unitPrice: Maybe<Money>;
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** First day; a day of the supplier's zone. */
  validFrom: Maybe<Scalars['Date']['output']>;
  /** Last day; a day of the supplier's zone. */
  validTo: Maybe<Scalars['Date']['output']>;
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type OfferConnection = {
  /** Contains the nodes in this connection */
  edges: Array<OfferEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type OfferEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Offer;
};

/** A supplier's terms for a SKU. A field that is not sent is left alone; null clears it. */
export type OfferUpsertInput = {
  /** Units in a case. */
  casePack?: InputMaybe<Scalars['Quantity']['input']>;
  /** ISO 4217; a new offer takes the supplier's. */
  currency?: InputMaybe<Scalars['String']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Whether it can be used. */
  isActive?: InputMaybe<Scalars['Boolean']['input']>;
  /** Days from order to stock, where no legs are given. */
  leadTimeDays?: InputMaybe<Scalars['Decimal']['input']>;
  /** Standard deviation of the lead time. */
  leadTimeSdDays?: InputMaybe<Scalars['Decimal']['input']>;
  /** All legs of the lead time, in order; null for none. */
  legs?: InputMaybe<Array<LeadTimeLegInput>>;
  /** The smallest quantity that can be ordered. */
  moq?: InputMaybe<Scalars['Quantity']['input']>;
  /** The code of the pool delivered to; null for every pool. */
  pool?: InputMaybe<Scalars['String']['input']>;
  /** The lowest number is asked first. */
  preference?: InputMaybe<Scalars['Int']['input']>;
  /** All prices by quantity; null for none. */
  priceBreaks?: InputMaybe<Array<PriceBreakInput>>;
  /** The SKU's code. */
  sku: Scalars['String']['input'];
  /** The supplier's code. */
  supplier: Scalars['String']['input'];
  /** The supplier's code for the SKU. */
  supplierSku?: InputMaybe<Scalars['String']['input']>;
  /** The price of one unit below the first price break, in `currency`. */
  unitPriceAmount?: InputMaybe<Scalars['Decimal']['input']>;
  /** First day. */
  validFrom?: InputMaybe<Scalars['Date']['input']>;
  /** Last day. */
  validTo?: InputMaybe<Scalars['Date']['input']>;
};

/** The offer that was written, or why it was not. */
export type OfferUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The offer as it is now; null where there are errors. */
  offer: Maybe<Offer>;
};

/** What became of one row. */
export type OfferUpsertResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** The offer as it is now; null where the row was refused. */
  offer: Maybe<Offer>;
  /** What became of it. */
  status: RowStatus;
};

/** A warehouse as the platform knows it. */
export type OfferedWarehouse = {
  /** Its code in this connector's records: the code that a warehouse here has to have. */
  code: Scalars['String']['output'];
  /** Whether there is a warehouse with its code here. */
  isKnown: Scalars['Boolean']['output'];
  /** Whether the platform counts the stock there, so that it is observed; else we count it. */
  isPlatforms: Scalars['Boolean']['output'];
  /** Its name at the platform. */
  name: Scalars['String']['output'];
};

/** Many offers at once. */
export type OffersUpsertInput = {
  /** At most 1,000 offers; a bad row is refused alone. */
  rows: Array<OfferUpsertInput>;
};

/** What became of the rows. */
export type OffersUpsertPayload = {
  /** The change set of all rows, for `changeSetUndo`; null where nothing was changed. */
  changeSetId: Maybe<Scalars['ID']['output']>;
  /** Failures of the whole; nothing was written where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<OfferUpsertResult>;
};

/** What an order is for. Only sales and business orders are demand. */
export type OrderKind =
  /** Business order */
  | 'B2B'
  /** Excluded */
  | 'EXCLUDED'
  /** Gift */
  | 'GIFT'
  /** Internal */
  | 'INTERNAL'
  /** Replacement */
  | 'REPLACEMENT'
  /** Sale */
  | 'SALE'
  /** Sample */
  | 'SAMPLE';

/** One line of an order. */
export type OrderLineSubmitInput = {
  /** The code of what was sold, as the shop knows it. */
  code: Scalars['String']['input'];
  /** What the code is: sku, asin, msku, … */
  codeKind?: Scalars['String']['input'];
  /** What the line is for, where it differs from its order. */
  kind?: InputMaybe<OrderKind>;
  /** The line's own id; without one it is known by code, time, price and quantity. */
  lineId?: Scalars['String']['input'];
  /** The line that a gift or a part of a set belongs to. */
  masterLine?: Scalars['String']['input'];
  /** When it was ordered, where that differs from its order. */
  orderedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Its promotion. */
  promo?: Scalars['String']['input'];
  /** How many; positive. */
  qty: Scalars['Quantity']['input'];
  /** How far the line is, where it differs from its order. */
  status?: InputMaybe<OrderStatus>;
  /** The price of one, in the order's currency. */
  unitPrice?: InputMaybe<Scalars['Decimal']['input']>;
  /** The code of the warehouse that ships it; empty for the pool's choice. */
  warehouse?: Scalars['String']['input'];
};

/** How far an order is. */
export type OrderStatus =
  /** Cancelled */
  | 'CANCELLED'
  /** Completed */
  | 'COMPLETED'
  /** Created */
  | 'CREATED'
  /** Paid */
  | 'PAID'
  /** Shipped */
  | 'SHIPPED';

/** An order as its source tells it at one moment. What names the buyer is kept as a keyed hash only. */
export type OrderSubmitInput = {
  /** The source's id of the buyer, never a name or a number to call. */
  buyer?: Scalars['String']['input'];
  /** Why it was cancelled; after stock_out or late_shipment it remains demand. */
  cancelReason?: Scalars['String']['input'];
  /** When it was cancelled. */
  cancelledAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** ISO 4217, such as CNY or USD. */
  currency: Scalars['String']['input'];
  /** The order's id at its source. */
  externalId: Scalars['String']['input'];
  /** merchant, or platform for what takes none of our stock. */
  fulfilledBy?: Scalars['String']['input'];
  /** Whether lines that are not named are gone from the order. */
  isComplete?: Scalars['Boolean']['input'];
  /** What it is for. */
  kind?: OrderKind;
  /** Its lines; with none, nothing is said about them. */
  lines?: Array<OrderLineSubmitInput>;
  /** Who sold it there. */
  liveAuthor?: Scalars['String']['input'];
  /** The room of the live-stream that sold it. */
  liveRoom?: Scalars['String']['input'];
  /** When it was ordered. */
  orderedAt: Scalars['DateTime']['input'];
  /** When it was paid. */
  paidAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** What sort of presale it is, such as full or deposit; empty for none. */
  presaleKind?: Scalars['String']['input'];
  /** Where it goes. */
  province?: Scalars['String']['input'];
  /** By when it must ship. */
  shipByAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** When it was shipped. */
  shippedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** How far it is. */
  status: OrderStatus;
  /** Grows with every change at the source, such as its time in milliseconds: old news is known by it. */
  version?: Scalars['BigInt']['input'];
};

/** What became of one order. */
export type OrderSubmitResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The order's place, from 0. */
  index: Scalars['Int']['output'];
  /** Whether it is kept: a refused one that is kept is in quarantine until its cause is mended. */
  isKept: Scalars['Boolean']['output'];
  /** What became of it. */
  status: SubmissionStatus;
};

/** Orders of one account. */
export type OrdersSubmitInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** Sent again with the same key, other orders are refused. The same orders have no second effect, with or without it. */
  idempotencyKey?: Scalars['String']['input'];
  /** At most 1,000 orders; a bad one is refused alone. */
  orders: Array<OrderSubmitInput>;
  /** Whether to answer when their effects are there, and not as soon as they are durable. */
  wait?: Scalars['Boolean']['input'];
};

/** What became of the orders. */
export type OrdersSubmitPayload = {
  /** Failures of the whole; nothing was taken where there are any. */
  errors: Array<UserError>;
  /** A result for each order, in their order. */
  results: Array<OrderSubmitResult>;
};

/** What became of an alert. Right are TRUE_POSITIVE and AVERTED, wrong is FALSE_POSITIVE; the others count nowhere. */
export type Outcome =
  /** It was averted */
  | 'AVERTED'
  /** It cannot be told */
  | 'CENSORED'
  /** It was wrong */
  | 'FALSE_POSITIVE'
  /** It came too late */
  | 'LATE'
  /** It came true */
  | 'TRUE_POSITIVE';

/** What an override of a line is for. Of several that hold, the one that comes last here counts; of two of one scope, the one that began last. */
export type OverrideScope =
  /** The pools of an account */
  | 'ACCOUNT'
  /** A category, and all beneath it */
  | 'CATEGORY'
  /** A class, such as A */
  | 'CLASS'
  /** A stock pool */
  | 'POOL'
  /** A SKU */
  | 'SKU'
  /** A life-cycle stage */
  | 'STAGE';

/** Information to aid in pagination. */
export type PageInfo = {
  /** When paginating forwards, the cursor to continue. */
  endCursor: Maybe<Scalars['String']['output']>;
  /** When paginating forwards, are there more items? */
  hasNextPage: Scalars['Boolean']['output'];
  /** When paginating backwards, are there more items? */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** When paginating backwards, the cursor to continue. */
  startCursor: Maybe<Scalars['String']['output']>;
};

/** For which SKUs a value holds. Of several that hold, the one that comes last here counts; of two of one scope, one for a time, then the one that began last. */
export type ParameterScope =
  /** The pools of an account */
  | 'ACCOUNT'
  /** A category, and all beneath it */
  | 'CATEGORY'
  /** A class, such as A */
  | 'CLASS'
  /** All SKUs */
  | 'GLOBAL'
  /** A stock pool */
  | 'POOL'
  /** A SKU */
  | 'SKU'
  /** A life-cycle stage */
  | 'STAGE';

/** A user, as others see him. */
export type Person = {
  /** His full name, or the name at login where there is none. */
  name: Scalars['String']['output'];
  /** His name at login. */
  username: Scalars['String']['output'];
};

/** One of the four pillars of a shop. */
export type Pillar =
  /** Forecasting */
  | 'FORECASTING'
  /** Inventory */
  | 'INVENTORY'
  /** Marketing */
  | 'MARKETING'
  /** Supply */
  | 'SUPPLY';

/** What a planned event is. */
export type PlanKind =
  /** Closure */
  | 'CLOSURE'
  /** Delay of supply */
  | 'DELAY'
  /** Price change */
  | 'PRICE_CHANGE'
  /** Promotion */
  | 'PROMOTION';

/** What the plan of Today makes of an action: what to do; the best answers to lines that nothing chosen answers, as the money does not suffice or they exclude what saves more; or the best answers that cannot be chosen yet, their cost unknown or their alert held. */
export type PlannedAs =
  /** To be done */
  | 'CHOSEN'
  /** Left out */
  | 'LEFT_OUT'
  /** Not decided */
  | 'UNDECIDED';

/** A promotion, a price change, a closure or a delay of supply, past or to come. */
export type PlannedEvent = DatedPlan & Editable & Node & {
  /** Where; null for every account. */
  account: Maybe<Account>;
  /** Of which category, with all beneath it; null for every one. */
  category: Maybe<Category>;
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** The last day. */
  endsOn: Scalars['Date']['output'];
  /** When it ends on its last day, on the business's clock; null where that is not known. */
  endsTime: Maybe<Scalars['Time']['output']>;
  /** Events of one type are taken to lift alike, such as flash-sale or 618. */
  eventType: Scalars['String']['output'];
  /** Demand over that of an ordinary day; null: what past events of the type taught. */
  expectedLift: Maybe<Scalars['Decimal']['output']>;
  /** Units of its SKU from the first day to the last in place of a lift; null where none are stated. */
  expectedUnits: Maybe<Scalars['Decimal']['output']>;
  /** Of a delay: days on top of the lead time of what is ordered from the first day to the last; null of anything else. */
  extraLeadTimeDays: Maybe<Scalars['Decimal']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What it is. */
  kind: PlanKind;
  /** Who said so: a user, or a part of the system. */
  madeBy: Scalars['String']['output'];
  /** Its name. */
  name: Scalars['String']['output'];
  /** From which stock; null for every pool. */
  pool: Maybe<StockPool>;
  /** Why, in words. */
  reason: Scalars['String']['output'];
  /** What the safety stock is multiplied by while it lasts; null for nothing. */
  safetyStockFactor: Maybe<Scalars['Decimal']['output']>;
  /** Of what; null for every SKU. */
  sku: Maybe<Sku>;
  /** The first day. */
  startsOn: Scalars['Date']['output'];
  /** Of a delay: what is ordered from him; null for anybody. */
  supplier: Maybe<Supplier>;
  /** Of a delay: what is ordered from suppliers in it, ISO 3166; empty for any. */
  supplierCountry: Scalars['String']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Which planned event is called off. */
export type PlannedEventCancelInput = {
  /** Its code. */
  code: Scalars['String']['input'];
};

/** A page of a list, with cursors to go on from. */
export type PlannedEventConnection = {
  /** Contains the nodes in this connection */
  edges: Array<PlannedEventEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type PlannedEventEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: PlannedEvent;
};

/** A planned event by its code. A field that is not sent is left alone; null clears it. */
export type PlannedEventUpsertInput = {
  /** The account's code; null for every account. */
  account?: InputMaybe<Scalars['String']['input']>;
  /** The category's code, with all beneath it; null for every one. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** Its unique code: an existing one is changed, else one is made. */
  code: Scalars['String']['input'];
  /** The last day. */
  endsOn?: InputMaybe<Scalars['Date']['input']>;
  /** When it ends on its last day, on the business's clock, such as 22:00; null: not known. */
  endsTime?: InputMaybe<Scalars['Time']['input']>;
  /** A slug; events of one type are taken to lift alike. */
  eventType?: InputMaybe<Scalars['String']['input']>;
  /** Demand over that of an ordinary day, such as 2.6; null: what past events taught. */
  expectedLift?: InputMaybe<Scalars['Decimal']['input']>;
  /** Units of its SKU from the first day to the last, ordinary demand included, in place of a lift. */
  expectedUnits?: InputMaybe<Scalars['Decimal']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Of a delay: days on top of the lead time of what is ordered from the first day to the last, such as 14. */
  extraLeadTimeDays?: InputMaybe<Scalars['Decimal']['input']>;
  /** What it is. */
  kind?: InputMaybe<PlanKind>;
  /** Its name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The pool's code; null for every pool. */
  pool?: InputMaybe<Scalars['String']['input']>;
  /** Why: what the next person reads. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** What the safety stock is multiplied by while it lasts, such as 1.5. */
  safetyStockFactor?: InputMaybe<Scalars['Decimal']['input']>;
  /** The SKU's code; null for every SKU. */
  sku?: InputMaybe<Scalars['String']['input']>;
  /** The first day. */
  startsOn?: InputMaybe<Scalars['Date']['input']>;
  /** Of a delay: the supplier's code; null for anybody. */
  supplier?: InputMaybe<Scalars['String']['input']>;
  /** Of a delay: what is ordered from suppliers in it, ISO 3166, such as CN; null for any. */
  supplierCountry?: InputMaybe<Scalars['String']['input']>;
};

/** The planned event that was written, or why it was not. */
export type PlannedEventUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The event as it is now; null where there are errors. */
  plannedEvent: Maybe<PlannedEvent>;
};

/** What became of one row. */
export type PlannedEventUpsertResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** The event as it is now; null where the row was refused. */
  plannedEvent: Maybe<PlannedEvent>;
  /** What became of it. */
  status: RowStatus;
};

/** Many planned events at once. */
export type PlannedEventsUpsertInput = {
  /** At most 1,000 events; a bad row is refused alone. */
  rows: Array<PlannedEventUpsertInput>;
};

/** What became of the rows. */
export type PlannedEventsUpsertPayload = {
  /** The change set of all rows, for `changeSetUndo`; null where nothing was changed. */
  changeSetId: Maybe<Scalars['ID']['output']>;
  /** Failures of the whole; nothing was written where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<PlannedEventUpsertResult>;
};

/** A shipment to a platform, as the platform knows it. */
export type PlatformShipment = Node & {
  /** Whose platform. */
  account: Account;
  /** The day on which it is expected. */
  expectedOn: Maybe<Scalars['Date']['output']>;
  /** By what the platform knows it. */
  externalId: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Its name there, or empty. */
  name: Scalars['String']['output'];
  /** The code of our shipment that stands for it. */
  shipmentCode: Scalars['String']['output'];
  /** planned, in_transit, receiving, received or cancelled. */
  status: Scalars['String']['output'];
  /** When it was in the state that is told. */
  toldAt: Scalars['DateTime']['output'];
};

/** A page of a list, with cursors to go on from. */
export type PlatformShipmentConnection = {
  /** Contains the nodes in this connection */
  edges: Array<PlatformShipmentEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type PlatformShipmentEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: PlatformShipment;
};

/** One installed plugin. */
export type Plugin = Node & {
  /** JSON Schema of its configuration. Values, secrets above all, are not here. */
  configSchema: Scalars['JSON']['output'];
  /** When it was last found. */
  discoveredAt: Scalars['DateTime']['output'];
  /** Whether an operator has it switched on. */
  enabled: Scalars['Boolean']['output'];
  /** <distribution>:<name> */
  entryPoint: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Its name, in the language of the request. */
  name: Scalars['String']['output'];
  /** Its own version. */
  pluginVersion: Scalars['String']['output'];
  /** What it brings. */
  providers: Array<Provider>;
  /** Why it does not, or empty. */
  reason: Scalars['String']['output'];
  /** The API versions that it works with. */
  requiresApi: Scalars['String']['output'];
  /** Its slug. */
  slug: Scalars['String']['output'];
  /** Whether it takes part. */
  status: PluginStatus;
};

/** A page of a list, with cursors to go on from. */
export type PluginConnection = {
  /** Contains the nodes in this connection */
  edges: Array<PluginEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type PluginEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Plugin;
};

/** Whether a plugin takes part, and if not, why. */
export type PluginStatus =
  /** Active */
  | 'ACTIVE'
  /** Broken */
  | 'BROKEN'
  /** Switched off */
  | 'DISABLED'
  /** Needs another API version */
  | 'INCOMPATIBLE'
  /** No longer installed */
  | 'MISSING'
  /** Needs configuration */
  | 'NEEDS_CONFIG'
  /** Refused */
  | 'REFUSED';

/** A SKU in one stock pool: the unit of decision, and where cover is defined. */
export type PoolStock = {
  /** The codes of the accounts that it serves. */
  accounts: Array<Scalars['String']['output']>;
  /** Units that can be sold and nothing has claimed. */
  available: Metric;
  /** The days of cover that cost least a month: lost margin, penalties and the low-inventory fee against storage, the surcharge on aged stock and capital. */
  bestCover: Metric;
  /** What the best cover costs a month, in the base currency. */
  costAtBestCover: Metric;
  /** What the present cover costs a month: what is available and on its way, in days of demand. */
  costAtPresentCover: Metric;
  /** Days that what is available lasts at that pace. */
  cover: Metric;
  /** Demand a day: the forecast's, or where there is none that of 90 days of sales. */
  dailyDemand: Metric;
  /** Days from an order to stock that can be sold. */
  leadTime: Metric;
  /** The pool's name. */
  name: Scalars['String']['output'];
  /** The position that an order restores: the forecast of lead time and review period, and safety stock. */
  orderUpTo: Metric;
  /** The chance that stock reaches 0 before an order placed today arrives, if nothing new is ordered; from the quantiles of lead-time demand. */
  pStockout: Metric;
  /** The pool's code. */
  pool: Scalars['String']['output'];
  /** Its safety stock; the explanation says whether it rests on lead-time demand. */
  safetyStock: Metric;
  /** Days until stock should be gone for the first time, by the mean of the forecast and with arrivals counted on their days: one that is far away hides no shortage before it. */
  sellsOutFirst: Metric;
  /** The codes of its warehouses that have or await the SKU, the one that is taken from first in front. */
  warehouses: Array<Scalars['String']['output']>;
};

/** How much of what is on its way to a warehouse is promised to presales of a SKU, and how much can still be. */
export type PresalePosition = {
  /** Units that can still be promised; below zero where too many are. */
  availableToPromiseQty: Scalars['Quantity']['output'];
  /** Units on order, in transit and being received. */
  incomingQty: Scalars['Quantity']['output'];
  /** Units promised that nothing on its way covers. */
  oversoldQty: Scalars['Quantity']['output'];
  /** Units that ordinary orders are owed, which are served from it as well. */
  owedQty: Scalars['Quantity']['output'];
  /** Units that presales are owed. */
  promisedQty: Scalars['Quantity']['output'];
  /** Units that presales hold already, out of stock that has come in. */
  reservedQty: Scalars['Quantity']['output'];
  /** The SKU's code. */
  sku: Scalars['String']['output'];
  /** The code of the warehouse, which allows presales. */
  warehouse: Scalars['String']['output'];
};

/** The unit price from a quantity on, in the offer's currency. */
export type PriceBreak = {
  /** From this quantity on. */
  minQty: Scalars['Quantity']['output'];
  /** The price of one unit, in the offer's currency. */
  unitPriceAmount: Scalars['Decimal']['output'];
};

/** The unit price from a quantity on. */
export type PriceBreakInput = {
  /** From this quantity on. */
  minQty: Scalars['Quantity']['input'];
  /** The price of one unit, in the offer's currency. */
  unitPriceAmount: Scalars['Decimal']['input'];
};

/** The parent of SKUs that differ along its variant axes. */
export type Product = Editable & Node & {
  /** Further attributes by name. */
  attributes: Scalars['JSON']['output'];
  /** Its brand, or empty. */
  brand: Scalars['String']['output'];
  /** Its category. */
  category: Maybe<Category>;
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** Its ids in other systems, such as the ERP's own. */
  externalRefs: Array<ExternalRef>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Its name. */
  name: Scalars['String']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** What its SKUs differ in, such as ["colour", "size"]. */
  variantAxes: Scalars['JSON']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type ProductConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ProductEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ProductEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Product;
};

/** One thing that a plugin brings, and how it does. */
export type Provider = Node & {
  /** How often it was called. */
  calls: Scalars['BigInt']['output'];
  /** Failures in a row. */
  consecutiveFailures: Scalars['Int']['output'];
  /** How often it failed. */
  failures: Scalars['BigInt']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** forecaster, alert_rule, marketplace, … */
  kind: Scalars['String']['output'];
  /** How it last failed, or empty. */
  lastError: Scalars['String']['output'];
  /** When it last failed. */
  lastErrorAt: Maybe<Scalars['DateTime']['output']>;
  /** When it last succeeded. */
  lastOkAt: Maybe<Scalars['DateTime']['output']>;
  /** Until when its circuit is open: it is not called before. */
  openUntil: Maybe<Scalars['DateTime']['output']>;
  /** Its slug, unique for its kind. */
  slug: Scalars['String']['output'];
};

/** A page of a list, with cursors to go on from. */
export type ProviderConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ProviderEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ProviderEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Provider;
};

/** A change of a platform: decided, approved by a person, sent at most once, and read back where that is needed. */
export type Push = Node & {
  /** Of which account. */
  account: Account;
  /** When it was approved. */
  approvedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who approved it, or empty. */
  approvedBy: Scalars['String']['output'];
  /** How often it was sent. */
  attempts: Scalars['Int']['output'];
  /** Who confirmed a large change or a removal, or empty. */
  confirmedBy: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** Who made it. */
  createdBy: Scalars['String']['output'];
  /** The last failure with what to do, in the language of the request, or empty. */
  error: Scalars['String']['output'];
  /** When its approval ends if it was not sent. */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** When it ended. */
  finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** How it goes beyond the largest change; empty where it does not. */
  heldReasons: Array<PushHeldReason>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether the stock sync made it. */
  isAutomatic: Scalars['Boolean']['output'];
  /** Follows from what it does and what was known then: the same decision is the same push. */
  key: Scalars['String']['output'];
  /** What it changes. */
  kind: PushKind;
  /** When it goes on; null while a person has to decide, or at its end. */
  nextAttemptAt: Maybe<Scalars['DateTime']['output']>;
  /** Why, or empty. */
  reason: Scalars['String']['output'];
  /** What the platform calls it, or empty. */
  reference: Scalars['String']['output'];
  /** Its listings, at most 1,000. */
  rows: Array<PushRow>;
  /** The rules as they were when it was made, by their ids. */
  ruleSnapshot: Scalars['JSON']['output'];
  /** When it was last sent. */
  sentAt: Maybe<Scalars['DateTime']['output']>;
  /** How far it is. */
  status: PushStatus;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** Which push to approve. */
export type PushApproveInput = {
  /** This very push may go beyond the largest change. */
  confirmLarge?: Scalars['Boolean']['input'];
  /** The second word that a removal needs. */
  confirmRemoval?: Scalars['Boolean']['input'];
  /** The version that the decision was made on; without it, the last one holds. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The push's id. */
  id: Scalars['ID']['input'];
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey?: Scalars['String']['input'];
};

/** Which push to give up. */
export type PushCancelInput = {
  /** The version that the decision was made on; without it, the last one holds. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The push's id. */
  id: Scalars['ID']['input'];
  /** Why, in words. */
  reason?: Scalars['String']['input'];
};

/** A page of a list, with cursors to go on from. */
export type PushConnection = {
  /** Contains the nodes in this connection */
  edges: Array<PushEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A push to be made. It waits for approval. */
export type PushCreateInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** What is changed. */
  kind: PushKind;
  /** Why, in words. */
  reason?: Scalars['String']['input'];
  /** The listings, at most 1,000; for stock, all of the account where it is not sent. */
  rows?: InputMaybe<Array<PushRowInput>>;
};

/** An edge in a connection. */
export type PushEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Push;
};

/** Why a push waits for a person's confirmation. */
export type PushHeldReason = {
  /** row_qty, row_pct, push_qty, push_pct, before_unknown or no_limits. */
  code: Scalars['String']['output'];
  /** How large it may be without a word. */
  limit: Scalars['String']['output'];
  /** The listing's code; empty where it is the whole push. */
  subject: Scalars['String']['output'];
  /** How large the change is. */
  value: Scalars['String']['output'];
};

/** What a push changes on the platform. */
export type PushKind =
  /** Draft of an inbound shipment */
  | 'INBOUND_PLAN'
  /** Prices */
  | 'PRICE'
  /** Removal of stock */
  | 'REMOVAL'
  /** Shipping times and presales */
  | 'SHIP_TIME'
  /** Stock */
  | 'STOCK';

/** A lever to be pulled. It makes a push that waits for approval, and that `pushRevert` takes back. */
export type PushLeverCreateInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** How the sale goes: for a price. */
  burst?: InputMaybe<BurstInput>;
  /** The listing's code. */
  code: Scalars['String']['input'];
  /** What the code is. */
  codeKind?: Scalars['String']['input'];
  /** Days to ship: for a shipping time or a presale. */
  days?: InputMaybe<Scalars['Int']['input']>;
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** Which one. */
  lever: Lever;
  /** The highest price that was promised in public. */
  mostPrice?: InputMaybe<Scalars['Decimal']['input']>;
  /** When the presale ends. */
  presaleUntil?: InputMaybe<Scalars['DateTime']['input']>;
};

/** The push as it is now, or why nothing was done. */
export type PushPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The push; null where there are errors. */
  push: Maybe<Push>;
};

/** What would be pushed. */
export type PushPreviewInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** What is changed. */
  kind: PushKind;
  /** The listings, at most 1,000; for stock, all of the account where it is not sent. */
  rows?: InputMaybe<Array<PushRowInput>>;
};

/** What would be pushed; nothing was changed anywhere. */
export type PushPreviewPayload = {
  /** Expected failures. */
  errors: Array<UserError>;
  /** How it would go beyond the largest change. */
  heldReasons: Array<PushHeldReason>;
  /** What would change. */
  rows: Array<PushPreviewRow>;
  /** What would not. */
  skipped: Array<PushSkipped>;
};

/** One listing of a preview. */
export type PushPreviewRow = {
  /** The price that it would have. */
  afterPrice: Maybe<Money>;
  /** Units that it would show. */
  afterQty: Maybe<Scalars['Quantity']['output']>;
  /** The price now. */
  beforePrice: Maybe<Money>;
  /** Units that the platform shows; null where nobody knows. */
  beforeQty: Maybe<Scalars['Quantity']['output']>;
  /** The listing's code. */
  code: Scalars['String']['output'];
  /** The platform's code where it would refuse, or empty. */
  errorCode: Scalars['String']['output'];
  /** How the rule gives the number; null where a person told it. */
  explain: Maybe<Explanation>;
  /** Why it would refuse, or empty. */
  message: Scalars['String']['output'];
  /** What the platform, or the connector for it, says. */
  status: PushRowStatus;
  /** The platform's warehouse, or empty. */
  warehouse: Scalars['String']['output'];
};

/** Which push to try again. */
export type PushRetryInput = {
  /** The version that the decision was made on; without it, the last one holds. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The push's id. */
  id: Scalars['ID']['input'];
  /** You have looked on the platform: what is unknown was not done. Without it, it is read back first. */
  notDone?: Scalars['Boolean']['input'];
};

/** Which push to take back. */
export type PushRevertInput = {
  /** Days to ship from stock, where nobody knows what a shipping time was before our first push of it. */
  days?: InputMaybe<Scalars['Int']['input']>;
  /** The id of a push that was done, or of which some rows were. */
  id: Scalars['ID']['input'];
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
};

/** One listing of a push: before, after, and what became of it. */
export type PushRow = {
  /** The price that it shall have. */
  afterPrice: Maybe<Money>;
  /** Units that it shall show, or that are to be sent or removed. */
  afterQty: Maybe<Scalars['Quantity']['output']>;
  /** The price before; null where nobody knew. */
  beforePrice: Maybe<Money>;
  /** Units that the platform showed; null where nobody knew. */
  beforeQty: Maybe<Scalars['Quantity']['output']>;
  /** The listing's code. */
  code: Scalars['String']['output'];
  /** What its code is. */
  codeKind: Scalars['String']['output'];
  /** Days to ship; null where it is about something else. */
  days: Maybe<Scalars['Int']['output']>;
  /** return, disposal or liquidation of a removal, or empty. */
  disposition: Scalars['String']['output'];
  /** The platform's code where it was not done, or empty. */
  errorCode: Scalars['String']['output'];
  /** The day on which units that are sent in expire. */
  expiresOn: Maybe<Scalars['Date']['output']>;
  /** How the rule gave the number; null where a person told it. */
  explain: Maybe<Explanation>;
  /** Why it was not done, in the language of the request, or empty. */
  message: Scalars['String']['output'];
  /** Its place, from 0. */
  place: Scalars['Int']['output'];
  /** When its presale ends; null for none. */
  presaleUntil: Maybe<Scalars['DateTime']['output']>;
  /** When it was last read back. */
  readAt: Maybe<Scalars['DateTime']['output']>;
  /** Units that were seen when it was read back. */
  readQty: Maybe<Scalars['Quantity']['output']>;
  /** What the platform calls it, or empty. */
  reference: Scalars['String']['output'];
  /** What became of it. */
  status: PushRowStatus;
  /** Unsellable units to be removed. */
  unsellableQty: Maybe<Scalars['Quantity']['output']>;
  /** The platform's warehouse; empty for the shop's one number. */
  warehouse: Scalars['String']['output'];
};

/** One listing of a push. */
export type PushRowInput = {
  /** The listing's code. */
  code: Scalars['String']['input'];
  /** What its code is. */
  codeKind?: Scalars['String']['input'];
  /** Shipping times: days after payment, 0 the same day. */
  days?: InputMaybe<Scalars['Int']['input']>;
  /** Removals: return, disposal or liquidation. */
  disposition?: Scalars['String']['input'];
  /** Inbound plans: the day on which the units expire. */
  expiresOn?: InputMaybe<Scalars['Date']['input']>;
  /** Shipping times: as a presale until then. */
  presaleUntil?: InputMaybe<Scalars['DateTime']['input']>;
  /** Prices: what it shall cost. */
  price?: InputMaybe<MoneyInput>;
  /** Stock: units that it shall show, or by its rule where it is not sent. Inbound plans and removals: units. */
  qty?: InputMaybe<Scalars['Quantity']['input']>;
  /** Removals: unsellable units. */
  unsellableQty?: InputMaybe<Scalars['Quantity']['input']>;
  /** The platform's warehouse; empty for the shop's one number. */
  warehouse?: Scalars['String']['input'];
};

/** What became of a row of a push. */
export type PushRowStatus =
  /** Taken, not read back yet */
  | 'ACCEPTED'
  /** Applied */
  | 'APPLIED'
  /** Failed */
  | 'FAILED'
  /** Not sent yet */
  | 'PENDING'
  /** Refused */
  | 'REFUSED'
  /** Being sent */
  | 'SENDING'
  /** Unchanged */
  | 'UNCHANGED'
  /** Unknown: it may be done */
  | 'UNKNOWN';

/** What an account allows to be pushed. */
export type PushSettings = {
  /** Which account. */
  account: Account;
  /** More differences than this are an alert. */
  alertAbove: Scalars['Int']['output'];
  /** Seconds for which changes are gathered. */
  debounceSeconds: Scalars['Int']['output'];
  /** Hours after which an approval that was not used ends. */
  expiresAfterHours: Scalars['Int']['output'];
  /** Whether stock follows the ledger by itself. */
  isAutomatic: Scalars['Boolean']['output'];
  /** The emergency stop: nothing is sent while it is set. */
  isStopped: Scalars['Boolean']['output'];
  /** The last good preview; a switch to writing needs one of the last day. */
  lastPreviewAt: Maybe<Scalars['DateTime']['output']>;
  /** Whether another person than the maker approves. */
  needsSecondPerson: Scalars['Boolean']['output'];
  /** Largest change of all rows together in per cent. */
  pushPct: Maybe<Scalars['Decimal']['output']>;
  /** Largest change of all rows together in units. */
  pushQty: Maybe<Scalars['Int']['output']>;
  /** Largest change of a row in per cent. */
  rowPct: Maybe<Scalars['Decimal']['output']>;
  /** Largest change of a row in units; beyond it a person confirms that very push. */
  rowQty: Maybe<Scalars['Int']['output']>;
  /** A difference up to so many per cent of ours is no news. */
  tolerancePct: Scalars['Decimal']['output'];
  /** A difference up to so many units is no news. */
  toleranceQty: Scalars['Int']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** What an account allows. A field that is not sent is left alone; null for a limit takes it away. */
export type PushSettingsUpsertInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** More differences than this are an alert. */
  alertAbove?: InputMaybe<Scalars['Int']['input']>;
  /** Seconds for which changes are gathered. */
  debounceSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** The version that the decision was made on; without it, the last one holds. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Hours for which an approval holds. */
  expiresAfterHours?: InputMaybe<Scalars['Int']['input']>;
  /** Whether stock follows the ledger by itself. */
  isAutomatic?: InputMaybe<Scalars['Boolean']['input']>;
  /** The emergency stop. */
  isStopped?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether another person than the maker approves. */
  needsSecondPerson?: InputMaybe<Scalars['Boolean']['input']>;
  /** Largest change of a push in per cent. */
  pushPct?: InputMaybe<Scalars['Decimal']['input']>;
  /** Largest change of a push in units. */
  pushQty?: InputMaybe<Scalars['Int']['input']>;
  /** Largest change of a row in per cent. */
  rowPct?: InputMaybe<Scalars['Decimal']['input']>;
  /** Largest change of a row in units. */
  rowQty?: InputMaybe<Scalars['Int']['input']>;
  /** Per cent of difference that are no news. */
  tolerancePct?: InputMaybe<Scalars['Decimal']['input']>;
  /** Units of difference that are no news. */
  toleranceQty?: InputMaybe<Scalars['Int']['input']>;
};

/** The settings that were written, or why they were not. */
export type PushSettingsUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The settings as they are now; null where there are errors. */
  pushSettings: Maybe<PushSettings>;
};

/** A listing that would not be pushed. */
export type PushSkipped = {
  /** The listing's code. */
  code: Scalars['String']['output'];
  /** UNCHANGED, NO_RULE, UNMAPPED, NO_STOCK_RECORDED or NO_WAREHOUSE. */
  reason: Scalars['String']['output'];
};

/** How far a push is. */
export type PushStatus =
  /** Approved: will be sent */
  | 'APPROVED'
  /** Cancelled */
  | 'CANCELLED'
  /** Confirmed */
  | 'CONFIRMED'
  /** Draft: waits for approval */
  | 'DRAFT'
  /** Expired */
  | 'EXPIRED'
  /** Failed, at least in part */
  | 'FAILED'
  /** Refused by the platform */
  | 'REFUSED'
  /** Being sent */
  | 'SENDING'
  /** Sent, not confirmed yet */
  | 'SENT'
  /** Unknown: it may be done */
  | 'UNKNOWN';

/** A quantile of every day's demand. */
export type QuantileSeries = {
  /** The probability that demand is at most the value, such as 0.9. */
  level: Scalars['Decimal']['output'];
  /** Its values. */
  series: DailySeries;
};

/** Records in quarantine that nobody needs. */
export type QuarantineDismissInput = {
  /** Their ids, at most 1,000. */
  ids: Array<Scalars['ID']['input']>;
  /** Why: what the next person reads. */
  reason: Scalars['String']['input'];
};

/** How many were dismissed, or why none was. */
export type QuarantineDismissPayload = {
  /** Records that were open and are settled now. */
  dismissedCount: Scalars['Int']['output'];
  /** Expected failures; nothing was dismissed where there are any. */
  errors: Array<UserError>;
};

/** Records in quarantine to try again: by their ids, or all open ones of an account. */
export type QuarantineRetryInput = {
  /** Or the code of an account. */
  account?: InputMaybe<Scalars['String']['input']>;
  /** Of the account, only those with this code, such as unknown_warehouse. */
  cause?: Scalars['String']['input'];
  /** Their ids, at most 1,000. */
  ids?: Array<Scalars['ID']['input']>;
  /** Of the account, only those that tell of this. */
  recordKind?: InputMaybe<RecordKind>;
};

/** How many were taken, or why none was tried. */
export type QuarantineRetryPayload = {
  /** Expected failures; nothing was tried where there are any. */
  errors: Array<UserError>;
  /** Records that are still refused. */
  leftCount: Scalars['Int']['output'];
  /** Records that were taken. */
  takenCount: Scalars['Int']['output'];
};

/** A record that came in and could not be taken: kept without personal data, and tried again. */
export type QuarantinedRecord = Node & {
  /** Whose record. */
  account: Account;
  /** How often it was tried. */
  attempts: Scalars['Int']['output'];
  /** Why it was not taken: stable and machine-readable, such as unknown_warehouse. */
  code: Scalars['String']['output'];
  /** Who dismissed it; null where nobody did. */
  dismissedBy: Maybe<Scalars['String']['output']>;
  /** Why it was dismissed. */
  dismissedReason: Maybe<Scalars['String']['output']>;
  /** By what the source knows it. */
  externalId: Scalars['String']['output'];
  /** When it first came in. */
  firstSeenAt: Scalars['DateTime']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What it tells of. */
  kind: RecordKind;
  /** When it was last tried. */
  lastSeenAt: Scalars['DateTime']['output'];
  /** Why it was not taken, and what to do, as a sentence in the language of the request. */
  message: Scalars['String']['output'];
  /** It is tried again by itself from then on, once its cause is mended. */
  nextRetryAt: Maybe<Scalars['DateTime']['output']>;
  /** The record as it is kept: an allow-list of fields, the buyer as a keyed hash. */
  payload: Scalars['JSON']['output'];
  /** When it was taken or dismissed; null while it is open. */
  resolvedAt: Maybe<Scalars['DateTime']['output']>;
};

/** A page of a list, with cursors to go on from. */
export type QuarantinedRecordConnection = {
  /** Contains the nodes in this connection */
  edges: Array<QuarantinedRecordEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type QuarantinedRecordEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: QuarantinedRecord;
};

export type Query = {
  /** The account with this code; null where there is none that the user sees. */
  accountByCode: Maybe<Account>;
  /** The accounts that the user sees, by their code. */
  accounts: AccountConnection;
  /** The alert with this id; null where there is none that the user sees. */
  alert: Maybe<Alert>;
  /** How many of the alerts that the user sees there are of each value, with the same filter as `alerts`. */
  alertFacets: Array<AlertFacet>;
  /** Who is told of which alerts: all for those who manage people, else one's own. */
  alertSubscriptions: AlertSubscriptionConnection;
  /** Alerts of the pools and accounts that the user sees. */
  alerts: AlertConnection;
  /** Sales on the accounts that the user sees, a series for each SKU and account. */
  allSalesSeries: SalesSeriesConnection;
  /** The stock of a SKU in a bucket of a warehouse; null where there never was any. */
  balance: Maybe<Balance>;
  /** Stock in the warehouses that the user sees. */
  balances: BalanceConnection;
  /** Whether a SKU is bought again for a pool, its service level and its review period as they hold now, and whether the SKU, a policy, its stage or a default says so; empty where there is no such SKU or pool, or the user does not see it. */
  buyingTerms: Array<EffectiveBuyingTerm>;
  /** Categories by their code. */
  categories: CategoryConnection;
  /** Benchmarks of categories, the one of the latest day first. */
  categoryBenchmarks: CategoryBenchmarkConnection;
  /** The category with this code; null where there is none. */
  categoryByCode: Maybe<Category>;
  /** How the months of the year sell of the category with this code and all beneath it; null where there is none, or the user does not see all accounts, whose sales it adds up. */
  categorySeasonIndex: Maybe<SeasonIndex>;
  /** The stage of the category with this code; null where it was never evaluated. */
  categoryStage: Maybe<CategoryStage>;
  /** The stages of categories, the category that was made first before others. */
  categoryStages: CategoryStageConnection;
  /** What bulk mutations did, the latest first: one's own, and all for those who see everything. */
  changeSets: ChangeSetConnection;
  /** Everything that changed, in the order in which it was recorded. Keep `endCursor` and poll. */
  changes: ChangeConnection;
  /** The contingency plan with this code; null where there is none that the user sees. */
  contingencyPlanByCode: Maybe<ContingencyPlan>;
  /** Contingency plans for any account and for those that the user sees, by their code. */
  contingencyPlans: ContingencyPlanConnection;
  /** The run of a cycle for a slot; null where there is none. */
  cycle: Maybe<Cycle>;
  /** Runs of cycles, the latest slot first. */
  cycles: CycleConnection;
  /** How far the data of a SKU in a pool can be trusted; null where the SKU has no sales, stock or policy there, or the user does not see the pool. */
  dataConfidence: Maybe<DataConfidence>;
  /** The mark of days with a code; null where there is none. */
  dayMarkByCode: Maybe<DayMark>;
  /** Marks of past days, the latest days first. */
  dayMarks: DayMarkConnection;
  /** Messages that were sent or are to be, the latest first. */
  deliveries: DeliveryConnection;
  /** How the stock of a SKU in a pool runs down along its forecast; null where it is not in the pool. */
  depletionCurve: Maybe<DepletionCurve>;
  /** Every parameter of a rule as it holds now for a SKU in a pool, where it comes from and what lost against it. Refused where there is no such rule, SKU or pool, or the user does not see it. */
  effectiveRuleParameters: Array<EffectiveRuleParameter>;
  /** The company's endpoint with this name; null where there is none that the user sees. */
  endpoint: Maybe<Endpoint>;
  /** Where messages go: all for those who see the whole company, else one's own. */
  endpoints: EndpointConnection;
  /** What events of a type lift on an account; null where nobody knows. */
  eventLift: Maybe<EventLift>;
  /** What events of all types lift, by account. */
  eventLifts: EventLiftConnection;
  /** How platforms judged shops, the latest first. */
  experienceScores: ExperienceScoreConnection;
  /** What platforms expected to charge, the latest first. */
  feeEstimates: FeeEstimateConnection;
  /** The feed of a kind of an account; null where there is none that the user sees. */
  feed: Maybe<Feed>;
  /** How fresh every kind of data of every account is: what each number of this API rests on. */
  feeds: Array<Feed>;
  /** The forecast of a SKU in a pool; null where there is none. */
  forecast: Maybe<Forecast>;
  /** How well each forecaster did in the newest backtest of all SKUs, the best first. */
  forecastAccuracies: Array<ForecastAccuracy>;
  /** The adjustment or lock with a code; null where there is none. */
  forecastAdjustmentByCode: Maybe<ForecastAdjustment>;
  /** Adjustments and locks of forecasts, the latest first. */
  forecastAdjustments: ForecastAdjustmentConnection;
  /** The forecaster in use for each kind of demand, those chosen so far. */
  forecastChampions: Array<ForecastChampion>;
  /** Whether the forecasts of a SKU in a pool lean to one side; null where none has been kept yet. */
  forecastLean: Maybe<ForecastLean>;
  /** Forecasts in the pools that the user sees. */
  forecasts: ForecastConnection;
  /** Where stock lies too long while it runs out elsewhere, the worst first, between pools that the user sees. */
  imbalances: ImbalanceConnection;
  /** The incident with this id; null where there is none that the user sees. */
  incident: Maybe<Incident>;
  /** Incidents all of whose alerts the user sees. */
  incidents: IncidentConnection;
  /** Why a key figure of a place changed: the categories, the SKUs, the alerts about them and their incidents that contribute most. Null where the user sees no such place. A turnover of three months is compared with the quarter before, whatever `days` says. */
  kpiChange: Maybe<KpiChange>;
  /** The like SKU that was named for a new one; null where there is none. */
  launchAnalogue: Maybe<LaunchAnalogue>;
  /** The like SKUs of new ones, in the order of these. */
  launchAnalogues: LaunchAnalogueConnection;
  /** The listing with this code on an account; null where there is none that the user sees. */
  listing: Maybe<Listing>;
  /** What the market showed of listings and of their rivals, the latest first. */
  listingSignals: ListingSignalConnection;
  /** Listings of an account that deliver nothing yet, by their code, and what they may deliver. */
  listingSuggestions: Array<ListingSuggestions>;
  /** What visitors of a listing did in the last days; null where there is no such listing. */
  listingTraffic: Maybe<ListingTraffic>;
  /** Listings of the accounts that the user sees, by their code. */
  listings: ListingConnection;
  /** What live rooms and their authors sold, by minute; those with the most units first, at most 200. */
  liveRooms: Array<LiveRoom>;
  /** The lot with this code; null where there is none that the user sees. */
  lot: Maybe<Lot>;
  /** Lots in the warehouses that the user sees, the oldest first. */
  lots: LotConnection;
  /** What each lot held at any past moment, how old it was, and what its units had cost. */
  lotsAsOf: LotsAsOf;
  /** Rivals as they were seen, what was recorded last first. */
  marketObservations: MarketObservationConnection;
  /** The signal with a code; null where there is none. */
  marketSignalByCode: Maybe<MarketSignal>;
  /** Signals of the market, the latest first. */
  marketSignals: MarketSignalConnection;
  /** What the rivals of a SKU on an account did; null where nobody told of any. */
  marketTrend: Maybe<MarketTrend>;
  /** What the rivals of SKUs did, those seen last first. */
  marketTrends: MarketTrendConnection;
  /** The marketplaces that accounts can be connected to, with what each needs, by their slug. */
  marketplaces: Array<Marketplace>;
  /** Who is asking, as the server knows him; null for nobody. Open to all. */
  me: Maybe<Viewer>;
  /** Forecast against actual of the first week and the first month from a day on: the forecast in force on that day. Nothing where no forecast was kept. */
  miniReviews: Array<MiniReview>;
  /** The movement that was posted under this key; null where there is none that the user sees. */
  movementByKey: Maybe<Movement>;
  /** Movements in the warehouses that the user sees, the latest first. */
  movements: MovementConnection;
  /** The object with this id; null where there is none that the user sees. */
  node: Maybe<Node>;
  /** The objects with these ids, at most 100, in their order; null in place of what is not there. */
  nodes: Array<Maybe<Node>>;
  /** The channels that there are, with what an endpoint of each needs. */
  notifiers: Array<Notifier>;
  /** The offer of a supplier for a SKU; null where there is none. */
  offer: Maybe<Offer>;
  /** Offers in the order in which they were made. */
  offers: OfferConnection;
  /** The alert of a kind that is not resolved, about a subject; null where there is none. */
  openAlert: Maybe<Alert>;
  /** The planned event with a code; null where there is none. */
  plannedEventByCode: Maybe<PlannedEvent>;
  /** Planned events, the latest first. */
  plannedEvents: PlannedEventConnection;
  /** The shipment that an account knows by this id; null where there is none. */
  platformShipment: Maybe<PlatformShipment>;
  /** Shipments to platforms, those told last first. */
  platformShipments: PlatformShipmentConnection;
  /** The plugin with this slug; null where there is none. */
  pluginBySlug: Maybe<Plugin>;
  /** The installed plugins. */
  plugins: PluginConnection;
  /** What presales of SKUs are promised of what is on its way, in the warehouses that allow them. */
  presalePositions: Array<PresalePosition>;
  /** The product with this code; null where there is none. */
  productByCode: Maybe<Product>;
  /** Products by their code. */
  products: ProductConnection;
  /** What a plugin brings, by its kind and slug; null where there is none. */
  provider: Maybe<Provider>;
  /** What all plugins bring, and how it does. */
  providers: ProviderConnection;
  /** The push with this key; null where there is none that the user sees. */
  push: Maybe<Push>;
  /** What an account allows to be pushed; null where nobody has set anything. */
  pushSettings: Maybe<PushSettings>;
  /** Pushes of the accounts that the user sees, the latest first. */
  pushes: PushConnection;
  /** The record of this id that is or was in quarantine for this cause; null where there is none. */
  quarantinedRecord: Maybe<QuarantinedRecord>;
  /** Records in quarantine, the latest seen first. */
  quarantinedRecords: QuarantinedRecordConnection;
  /** Records as they came in, the latest first. */
  receivedRecords: ReceivedRecordConnection;
  /** What became of the alerts that the user sees, rule by rule. */
  ruleOutcomes: Array<RuleOutcomes>;
  /** Values of rules' parameters that people set, the one that was set last first. */
  ruleParameters: RuleParameterConnection;
  /** What a SKU sold on an account; null where it never did. */
  salesSeries: Maybe<SalesSeries>;
  /** What this server is. Open to all. */
  service: Service;
  /** The charge that an account knows by this id; null where there is none. */
  settledCharge: Maybe<SettledCharge>;
  /** What platforms really charged, the latest first. */
  settledCharges: SettledChargeConnection;
  /** The SKU with this code; null where there is none. */
  skuByCode: Maybe<Sku>;
  /** The SKU that another system knows by this id; null where there is none. */
  skuByExternalRef: Maybe<Sku>;
  /** The weeks that the stage of the SKU with this code is told from; null where there is none, or the user does not see all accounts, whose sales they add up. */
  skuLifeCurve: Maybe<SkuLifeCurve>;
  /** How the months of the year sell of the SKU with this code; null where there is none, or the user does not see all accounts, whose sales it adds up. */
  skuSeasonIndex: Maybe<SeasonIndex>;
  /** What the evaluations say of the SKU with this code; null where it was never evaluated. */
  skuStage: Maybe<SkuStage>;
  /** What the evaluations say of SKUs, the SKU that was made first before others. */
  skuStages: SkuStageConnection;
  /** SKUs by their code. */
  skus: SkuConnection;
  /** What changed stages, the latest first. */
  stageChanges: StageChangeConnection;
  /** Stages set by hand, the one that was set last first. */
  stageOverrides: StageOverrideConnection;
  /** The stages of a SKU's life, in order: plugins can add stages. */
  stages: Array<Slugged>;
  /** How old stock is that platforms count, as they told it, the latest first. */
  stockAges: StockAgeConnection;
  /** Stock at any past moment, by what had happened and by what was known. */
  stockAsOf: StockAsOf;
  /** Ours, the platforms' and the warehouses' stock that did not agree, the latest day first. What agrees has no row. */
  stockDifferences: StockDifferenceConnection;
  /** The dispute that holds decisions about a SKU in a warehouse; null where none does. */
  stockDispute: Maybe<StockDispute>;
  /** Disputes in the warehouses that the user sees, the latest first. */
  stockDisputes: StockDisputeConnection;
  /** Turnover, stock to sales, dead share, fill rate and health of each pool, category or site, over the pools that the user sees. Nothing before the day's first full warning cycle has ended. */
  stockKpis: Array<StockKpis>;
  /** The warning line and the safety stock of a SKU in a pool as they hold now, and where each comes from; empty where the SKU has no sales, stock or policy there, or the user does not see the pool. */
  stockLines: Array<EffectiveStockLine>;
  /** Overrides of lines, the one that was set last first. */
  stockOverrides: StockOverrideConnection;
  /** SKUs by their code, each over all warehouses, pools and accounts that the user sees. */
  stockOverview: StockOverviewConnection;
  /** The stock pool with this code; null where there is none that the user sees. */
  stockPoolByCode: Maybe<StockPool>;
  /** The stock pools that the user sees, by their code. */
  stockPools: StockPoolConnection;
  /** The rule of an account, of one of its listings or of a category; null where there is none. */
  stockRule: Maybe<StockRule>;
  /** Stock rules of the accounts that the user sees. */
  stockRules: StockRuleConnection;
  /** Stock by age in value, at any past moment: in all, and SKU by SKU. */
  stockValueByAge: StockValueByAge;
  /** The variance of a document's line; null where there is none that the user sees. */
  stockVariance: Maybe<StockVariance>;
  /** Differences between documents and what came in, the latest first. */
  stockVariances: StockVarianceConnection;
  /** How many of the stock-outs that the user sees were foreseen. */
  stockoutCounts: StockoutCounts;
  /** Stock-outs of SKUs that sell, the latest first. */
  stockouts: StockoutEventConnection;
  /** The supplier with this code; null where there is none. */
  supplierByCode: Maybe<Supplier>;
  /** Suppliers by their code. */
  suppliers: SupplierConnection;
  /** Warning lines as they were set from the forecast, the latest first. */
  thresholdAdjustments: ThresholdAdjustmentConnection;
  /** What needs a decision, both sides, what saves most money first. */
  today: Today;
  /** The transfer with this code; null where there is none that the user sees. */
  transferByCode: Maybe<Transfer>;
  /** Transfers from or to a warehouse that the user sees, by their code. */
  transfers: TransferConnection;
  /** The warehouse with this code; null where there is none that the user sees. */
  warehouseByCode: Maybe<Warehouse>;
  /** The warehouses that the user sees, by their code. */
  warehouses: WarehouseConnection;
  /** Messages that platforms pushed, the latest first. */
  webhookMessages: WebhookMessageConnection;
};


export type QueryAccountByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryAccountsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryAlertArgs = {
  id: Scalars['ID']['input'];
};


export type QueryAlertFacetsArgs = {
  filter?: InputMaybe<AlertFilter>;
  names: Array<AlertFacetName>;
};


export type QueryAlertSubscriptionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryAlertsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AlertFilter>;
  first?: Scalars['Int']['input'];
  kinds?: InputMaybe<Array<Scalars['String']['input']>>;
  minLevel?: InputMaybe<Scalars['Int']['input']>;
  mine?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: AlertOrder;
  pool?: InputMaybe<Scalars['String']['input']>;
  side?: InputMaybe<Side>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  status?: InputMaybe<Array<AlertStatus>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryAllSalesSeriesArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryBalanceArgs = {
  bucket: Scalars['String']['input'];
  sku: Scalars['String']['input'];
  warehouse: Scalars['String']['input'];
};


export type QueryBalancesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryBuyingTermsArgs = {
  pool: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QueryCategoriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryCategoryBenchmarksArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  categories?: InputMaybe<Array<Scalars['String']['input']>>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyLatest?: Scalars['Boolean']['input'];
};


export type QueryCategoryByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryCategorySeasonIndexArgs = {
  category: Scalars['String']['input'];
};


export type QueryCategoryStageArgs = {
  category: Scalars['String']['input'];
};


export type QueryCategoryStagesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  stage?: InputMaybe<Scalars['String']['input']>;
};


export type QueryChangeSetsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  entities?: InputMaybe<Array<Scalars['String']['input']>>;
  first?: Scalars['Int']['input'];
  kinds?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QueryContingencyPlanByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryContingencyPlansArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryCycleArgs = {
  name: Scalars['String']['input'];
  slotAt: Scalars['DateTime']['input'];
};


export type QueryCyclesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryDataConfidenceArgs = {
  pool: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QueryDayMarkByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryDayMarksArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  fromDay?: InputMaybe<Scalars['Date']['input']>;
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  untilDay?: InputMaybe<Scalars['Date']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryDeliveriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  endpoint?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<Array<DeliveryStatus>>;
};


export type QueryDepletionCurveArgs = {
  pool: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QueryEffectiveRuleParametersArgs = {
  pool: Scalars['String']['input'];
  rule: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QueryEndpointArgs = {
  name: Scalars['String']['input'];
};


export type QueryEndpointsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  notifier?: InputMaybe<Scalars['String']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryEventLiftArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  eventType: Scalars['String']['input'];
};


export type QueryEventLiftsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryExperienceScoresArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryFeeEstimatesArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QueryFeedArgs = {
  account: Scalars['String']['input'];
  kind: Scalars['String']['input'];
};


export type QueryFeedsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
};


export type QueryForecastArgs = {
  pool: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QueryForecastAccuraciesArgs = {
  kind?: InputMaybe<DemandKind>;
};


export type QueryForecastAdjustmentByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryForecastAdjustmentsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  fromDay?: InputMaybe<Scalars['Date']['input']>;
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  untilDay?: InputMaybe<Scalars['Date']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryForecastLeanArgs = {
  pool: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QueryForecastsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  pool?: InputMaybe<Scalars['String']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryImbalancesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  minLevel?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  pool?: InputMaybe<Scalars['String']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QueryIncidentArgs = {
  id: Scalars['ID']['input'];
};


export type QueryIncidentsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  causes?: InputMaybe<Array<IncidentCause>>;
  first?: Scalars['Int']['input'];
  minLevel?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: IncidentOrder;
  owner?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<Array<IncidentStatus>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryKpiChangeArgs = {
  by?: KpiGrouping;
  code: Scalars['String']['input'];
  days?: Scalars['Int']['input'];
  kpi: Scalars['String']['input'];
};


export type QueryLaunchAnalogueArgs = {
  sku: Scalars['String']['input'];
};


export type QueryLaunchAnaloguesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryListingArgs = {
  account: Scalars['String']['input'];
  code: Scalars['String']['input'];
  kind?: Scalars['String']['input'];
};


export type QueryListingSignalsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  listing?: InputMaybe<Scalars['String']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  rival?: InputMaybe<Scalars['String']['input']>;
  shown?: InputMaybe<ListingSignalKind>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryListingSuggestionsArgs = {
  account: Scalars['String']['input'];
  afterCode?: Scalars['String']['input'];
  first?: Scalars['Int']['input'];
};


export type QueryListingTrafficArgs = {
  account: Scalars['String']['input'];
  code: Scalars['String']['input'];
  codeKind?: Scalars['String']['input'];
  lastDays?: Scalars['Int']['input'];
};


export type QueryListingsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  unmapped?: InputMaybe<Scalars['Boolean']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryLiveRoomsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  since: Scalars['DateTime']['input'];
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QueryLotArgs = {
  code: Scalars['String']['input'];
  sku: Scalars['String']['input'];
  warehouse: Scalars['String']['input'];
};


export type QueryLotsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyRemaining?: Scalars['Boolean']['input'];
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryLotsAsOfArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  currency?: InputMaybe<Scalars['String']['input']>;
  recordedAt?: InputMaybe<Scalars['DateTime']['input']>;
  skus: Array<Scalars['String']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryMarketObservationsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  listing?: InputMaybe<Scalars['String']['input']>;
  observedFrom?: InputMaybe<Scalars['Date']['input']>;
  observedTo?: InputMaybe<Scalars['Date']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyLatest?: Scalars['Boolean']['input'];
  rival?: InputMaybe<Scalars['String']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  source?: InputMaybe<Scalars['String']['input']>;
};


export type QueryMarketSignalByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryMarketSignalsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  fromDay?: InputMaybe<Scalars['Date']['input']>;
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  untilDay?: InputMaybe<Scalars['Date']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryMarketTrendArgs = {
  account: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QueryMarketTrendsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  listing?: InputMaybe<Scalars['String']['input']>;
  observedFrom?: InputMaybe<Scalars['Date']['input']>;
  observedTo?: InputMaybe<Scalars['Date']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QueryMiniReviewsArgs = {
  pool: Scalars['String']['input'];
  since: Scalars['Date']['input'];
  sku: Scalars['String']['input'];
};


export type QueryMovementByKeyArgs = {
  key: Scalars['String']['input'];
};


export type QueryMovementsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  matching?: InputMaybe<MovementFilter>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  reference?: InputMaybe<Scalars['String']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QueryNodesArgs = {
  ids: Array<Scalars['ID']['input']>;
};


export type QueryOfferArgs = {
  pool?: InputMaybe<Scalars['String']['input']>;
  sku: Scalars['String']['input'];
  supplier: Scalars['String']['input'];
};


export type QueryOffersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  supplier?: InputMaybe<Scalars['String']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryOpenAlertArgs = {
  kind: Scalars['String']['input'];
  subject: Scalars['String']['input'];
};


export type QueryPlannedEventByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryPlannedEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  fromDay?: InputMaybe<Scalars['Date']['input']>;
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  untilDay?: InputMaybe<Scalars['Date']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryPlatformShipmentArgs = {
  account: Scalars['String']['input'];
  externalId: Scalars['String']['input'];
};


export type QueryPlatformShipmentsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<Scalars['String']['input']>;
};


export type QueryPluginBySlugArgs = {
  slug: Scalars['String']['input'];
};


export type QueryPluginsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryPresalePositionsArgs = {
  skus: Array<Scalars['String']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryProductByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryProductsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  codes?: InputMaybe<Array<Scalars['String']['input']>>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryProviderArgs = {
  kind: Scalars['String']['input'];
  slug: Scalars['String']['input'];
};


export type QueryProvidersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryPushArgs = {
  key: Scalars['String']['input'];
};


export type QueryPushSettingsArgs = {
  account: Scalars['String']['input'];
};


export type QueryPushesArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  kind?: InputMaybe<PushKind>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<PushStatus>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryQuarantinedRecordArgs = {
  account: Scalars['String']['input'];
  code: Scalars['String']['input'];
  externalId: Scalars['String']['input'];
  recordKind: RecordKind;
};


export type QueryQuarantinedRecordsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  cause?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  open?: InputMaybe<Scalars['Boolean']['input']>;
  recordKind?: InputMaybe<RecordKind>;
};


export type QueryReceivedRecordsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  externalId?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  recordKind?: InputMaybe<RecordKind>;
  status?: InputMaybe<ReceivedStatus>;
};


export type QueryRuleOutcomesArgs = {
  since?: InputMaybe<Scalars['Date']['input']>;
  until?: InputMaybe<Scalars['Date']['input']>;
};


export type QueryRuleParametersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyActive?: Scalars['Boolean']['input'];
  pool?: InputMaybe<Scalars['String']['input']>;
  rule?: InputMaybe<Scalars['String']['input']>;
  scope?: InputMaybe<ParameterScope>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QuerySalesSeriesArgs = {
  account: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QuerySettledChargeArgs = {
  account: Scalars['String']['input'];
  externalId: Scalars['String']['input'];
};


export type QuerySettledChargesArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  fee?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QuerySkuByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QuerySkuByExternalRefArgs = {
  id: Scalars['String']['input'];
  system: Scalars['String']['input'];
};


export type QuerySkuLifeCurveArgs = {
  sku: Scalars['String']['input'];
};


export type QuerySkuSeasonIndexArgs = {
  sku: Scalars['String']['input'];
};


export type QuerySkuStageArgs = {
  sku: Scalars['String']['input'];
};


export type QuerySkuStagesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyPending?: Scalars['Boolean']['input'];
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  stage?: InputMaybe<Scalars['String']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QuerySkusArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  category?: InputMaybe<Scalars['String']['input']>;
  codes?: InputMaybe<Array<Scalars['String']['input']>>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
  stage?: InputMaybe<Scalars['String']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryStageChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  kind?: InputMaybe<ChangeKind>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QueryStageOverridesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyActive?: Scalars['Boolean']['input'];
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryStockAgesArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryStockAsOfArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  recordedAt?: InputMaybe<Scalars['DateTime']['input']>;
  skus: Array<Scalars['String']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryStockDifferencesArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  cause?: InputMaybe<DifferenceCause>;
  day?: InputMaybe<Scalars['Date']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyOversold?: Scalars['Boolean']['input'];
};


export type QueryStockDisputeArgs = {
  sku: Scalars['String']['input'];
  warehouse: Scalars['String']['input'];
};


export type QueryStockDisputesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyOpen?: Scalars['Boolean']['input'];
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryStockKpisArgs = {
  by?: KpiGrouping;
};


export type QueryStockLinesArgs = {
  pool: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QueryStockOverridesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyActive?: Scalars['Boolean']['input'];
  pool?: InputMaybe<Scalars['String']['input']>;
  scope?: InputMaybe<OverrideScope>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryStockOverviewArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QueryStockPoolByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryStockPoolsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryStockRuleArgs = {
  account: Scalars['String']['input'];
  category?: InputMaybe<Scalars['String']['input']>;
  listing?: InputMaybe<Scalars['String']['input']>;
};


export type QueryStockRulesArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryStockValueByAgeArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  currency?: InputMaybe<Scalars['String']['input']>;
  recordedAt?: InputMaybe<Scalars['DateTime']['input']>;
  skus: Array<Scalars['String']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryStockVarianceArgs = {
  lineNo: Scalars['Int']['input'];
  reference: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QueryStockVariancesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  status?: InputMaybe<VarianceStatus>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryStockoutCountsArgs = {
  since?: InputMaybe<Scalars['Date']['input']>;
  until?: InputMaybe<Scalars['Date']['input']>;
};


export type QueryStockoutsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeReplaced?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  outcomes?: InputMaybe<Array<StockoutOutcome>>;
  pool?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['Date']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
  until?: InputMaybe<Scalars['Date']['input']>;
};


export type QuerySupplierByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QuerySuppliersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  codes?: InputMaybe<Array<Scalars['String']['input']>>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryThresholdAdjustmentsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  onlyCurrent?: Scalars['Boolean']['input'];
  pool?: InputMaybe<Scalars['String']['input']>;
  skus?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QueryTodayArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  budget?: InputMaybe<MoneyInput>;
  first?: Scalars['Int']['input'];
  mine?: Scalars['Boolean']['input'];
  owner?: InputMaybe<Scalars['String']['input']>;
  pool?: InputMaybe<Scalars['String']['input']>;
};


export type QueryTransferByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryTransfersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  codes?: InputMaybe<Array<Scalars['String']['input']>>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  late?: InputMaybe<Scalars['Boolean']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<TransferStatus>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
};


export type QueryWarehouseByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QueryWarehousesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  codes?: InputMaybe<Array<Scalars['String']['input']>>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryWebhookMessagesArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  messageId?: InputMaybe<Scalars['String']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<WebhookStatus>;
};

/** Why a SKU is suggested for a listing, from the surest reason down. */
export type Reason =
  /** The codes are equal but for case, spaces and signs */
  | 'ALIKE_CODE'
  /** The titles are alike */
  | 'ALIKE_TITLE'
  /** The code is the SKU's barcode */
  | 'BARCODE'
  /** The code is known for the SKU */
  | 'EXTERNAL_CODE'
  /** Another account sells the same code as this SKU */
  | 'OTHER_ACCOUNT'
  /** The code is the SKU's own */
  | 'SAME_CODE';

/** What a factor was taken from, such as the ranks before and after. */
export type ReasonValue = {
  /** Of what. */
  name: Scalars['String']['output'];
  /** The number. */
  value: Scalars['Decimal']['output'];
};

/** A part of what one unit of a receipt cost. */
export type ReceiptCostInput = {
  /** Which part. */
  kind: CostKind;
  /** The day whose exchange rate applies; that of the receipt if empty. */
  rateOn?: InputMaybe<Scalars['Date']['input']>;
  /** For one unit. */
  unitCost: MoneyInput;
};

/** Units that come in as one lot. */
export type ReceiptRecordInput = {
  /** The bucket that they enter. */
  bucket?: Scalars['String']['input'];
  /** What one unit cost; none where it is not known. */
  costs?: Array<ReceiptCostInput>;
  /** When it expires; a day of the warehouse's zone. */
  expiresOn?: InputMaybe<Scalars['Date']['input']>;
  /** Its condition. */
  grade?: Grade;
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** The lot's code: receipts with the same one add up. Made from the key if empty. */
  lotCode?: Scalars['String']['input'];
  /** When it happened; now where it is not sent. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** When it was made; a day of the warehouse's zone. */
  producedOn?: InputMaybe<Scalars['Date']['input']>;
  /** How many; positive. */
  qty: Scalars['Quantity']['input'];
  /** Why, in words. */
  reason?: Scalars['String']['input'];
  /** Its age counts from this day of the warehouse's zone; that of `occurredAt` if empty. */
  receivedOn?: InputMaybe<Scalars['Date']['input']>;
  /** What caused it, such as a document of the ERP. */
  reference?: Scalars['String']['input'];
  /** The SKU's code; a bundle is named by its components. */
  sku: Scalars['String']['input'];
  /** The warehouse's code. */
  warehouse: Scalars['String']['input'];
};

/** What was booked in, or why it was not. */
export type ReceiptRecordPayload = {
  /** Expected failures; nothing was booked in where there are any. */
  errors: Array<UserError>;
  /** The lot; null where there are errors. */
  lot: Maybe<Lot>;
  /** The movement; null where there are errors, or where the platform counts the warehouse. */
  movement: Maybe<Movement>;
  /** Whether the key had recorded it before, so that nothing changed now. */
  wasRecordedBefore: Scalars['Boolean']['output'];
};

/** A record as it came in, reduced to an allow-list of fields. Kept for a while. */
export type ReceivedRecord = Node & {
  /** Whose record. */
  account: Account;
  /** When it was applied. */
  appliedAt: Maybe<Scalars['DateTime']['output']>;
  /** Attempts that failed. */
  attempts: Scalars['Int']['output'];
  /** The last error, as a sentence in the language of the request, or empty. */
  error: Scalars['String']['output'];
  /** By what the source knows it. */
  externalId: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What it tells of. */
  kind: RecordKind;
  /** The record as it is kept; the buyer is a keyed hash. */
  payload: Scalars['JSON']['output'];
  /** When it came in. */
  receivedAt: Scalars['DateTime']['output'];
  /** What brought it: webhook, api, the slug of a connector, … */
  source: Scalars['String']['output'];
  /** What has become of it. */
  status: ReceivedStatus;
};

/** A page of a list, with cursors to go on from. */
export type ReceivedRecordConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ReceivedRecordEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ReceivedRecordEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: ReceivedRecord;
};

/** What has become of a record that came in. */
export type ReceivedStatus =
  /** Applied */
  | 'APPLIED'
  /** Dismissed */
  | 'DISMISSED'
  /** Due */
  | 'DUE'
  /** In quarantine */
  | 'QUARANTINED'
  /** Due again */
  | 'REPLAY';

/** What a source tells of. */
export type RecordKind =
  /** How old stock is at a platform */
  | 'AGE'
  /** What a platform expects to charge */
  | 'FEE_ESTIMATE'
  /** A shipment to a platform */
  | 'INBOUND'
  /** An offer on a shop */
  | 'LISTING'
  /** An order */
  | 'ORDER'
  /** Units that came back */
  | 'RETURN'
  /** The platform's score of a shop */
  | 'SCORE'
  /** What a platform charged */
  | 'SETTLEMENT'
  /** What the market shows */
  | 'SIGNAL'
  /** What a platform counted */
  | 'STOCK'
  /** What visitors did in a day */
  | 'TRAFFIC';

/** Kept records of an account to apply again: those received within a time, those with these ids, or both. */
export type RecordsReprocessInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** Ids of orders, returns, …, at most 1,000; none for all. */
  externalIds?: Array<Scalars['String']['input']>;
  /** Only those that tell of these; none for all. */
  recordKinds?: Array<RecordKind>;
  /** Whether lines of which nothing has left look for their warehouse anew, under today's pools. */
  reroute?: Scalars['Boolean']['input'];
  /** Records received from this moment on. */
  since?: InputMaybe<Scalars['DateTime']['input']>;
  /** Records received before this moment; now where it is not sent. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

/** How many records are due again, or why none is. */
export type RecordsReprocessPayload = {
  /** Records that workers will apply again. */
  dueCount: Scalars['Int']['output'];
  /** Expected failures; nothing is due where there are any. */
  errors: Array<UserError>;
};

/** When an order takes stock. */
export type ReduceOn =
  /** When the order is created */
  | 'CREATE'
  /** When the order is paid */
  | 'PAY';

/** A number that a formula could have given and did not. */
export type RejectedNumber = {
  /** What decided against it, in words and numbers. */
  because: Scalars['String']['output'];
  /** The name for a person, in the language of the request. */
  label: Maybe<Scalars['String']['output']>;
  /** The slug of the number, where it has a name. */
  name: Maybe<Scalars['String']['output']>;
  /** Its unit, where it has one of its own. */
  unit: Maybe<Scalars['String']['output']>;
  /** What it would have been. */
  value: Maybe<Scalars['Decimal']['output']>;
};

/** One thing that can be done about an excess. */
export type Remedy = {
  /** The money that it brings against leaving the stock alone, in the base currency; below zero where it costs more than it brings. A transfer's freight is not in it. */
  effect: Metric;
  /** What it is called, in the language of the request. */
  label: Scalars['String']['output'];
  /** promotion, transfer or purchase-pause. */
  slug: Scalars['String']['output'];
};

/** Something that an alert of level 2 or 3 asks people to do. */
export type ResponseStep = Node & {
  /** When somebody said that it is done. */
  doneAt: Maybe<Scalars['DateTime']['output']>;
  /** Who, or empty. */
  doneBy: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** The level that asks for it. */
  level: Scalars['Int']['output'];
  /** What he said of it, or empty. */
  note: Scalars['String']['output'];
  /** Since when it is asked for. */
  recordedAt: Scalars['DateTime']['output'];
  /** What is to be done, in the language of the request. */
  step: Slugged;
};

/** A step that somebody has taken. */
export type ResponseStepCompleteInput = {
  /** The step's id. */
  id: Scalars['ID']['input'];
  /** What is to be known of it. */
  note?: Scalars['String']['input'];
};

/** The step as it is now, or why nothing was done. */
export type ResponseStepPayload = {
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
  /** The step; null where there are errors. */
  responseStep: Maybe<ResponseStep>;
};

/** Units that a customer sent back. */
export type ReturnRecordInput = {
  /** Their condition; null where they are to be inspected first. */
  grade?: InputMaybe<Grade>;
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** How many; positive. */
  qty: Scalars['Quantity']['input'];
  /** Why, in words. */
  reason?: Scalars['String']['input'];
  /** What caused it, such as return:dy-main:123. */
  reference?: Scalars['String']['input'];
  /** When they came back; now where it is not sent. */
  returnedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The SKU's code; a bundle comes in as its components. */
  sku: Scalars['String']['input'];
  /** The warehouse's code. */
  warehouse: Scalars['String']['input'];
};

/** What came back, or why it was not booked in. */
export type ReturnRecordPayload = {
  /** Expected failures; nothing was booked in where there are any. */
  errors: Array<UserError>;
  /** A movement for each SKU; none where there are errors, or where the platform counts the warehouse. */
  movements: Array<Movement>;
  /** Whether the key had recorded it before, so that nothing changed now. */
  wasRecordedBefore: Scalars['Boolean']['output'];
};

/** A number of a rival in the thirty days until the trend was seen last, and in the thirty before. */
export type RivalFigure = {
  /** In the newer window; null where nobody told. */
  after: Maybe<Scalars['Decimal']['output']>;
  /** In the older window; null where nobody told. */
  before: Maybe<Scalars['Decimal']['output']>;
};

/** A price of a rival, as it was seen last in the older window and in the newer. */
export type RivalPrice = {
  /** As seen last in the newer window or since; null where nobody told. */
  after: Maybe<Money>;
  /** When. */
  afterSeenAt: Maybe<Scalars['DateTime']['output']>;
  /** As seen last in the older window; null where nobody told. */
  before: Maybe<Money>;
  /** When. */
  beforeSeenAt: Maybe<Scalars['DateTime']['output']>;
};

/** What became of the prices of a SKU's rivals. */
export type RivalPrices = {
  /** By which share they changed: the rival in the middle speaks. Prices in two currencies are not compared. */
  change: Metric;
};

/** What one rival did: the evidence of a trend. */
export type RivalTrend = {
  /** The first day of these. */
  firstObservedOn: Scalars['Date']['output'];
  /** The last day of these. */
  lastObservedOn: Scalars['Date']['output'];
  /** The mean of its estimated sales a month. */
  monthlySales: RivalFigure;
  /** How often it was seen in the two windows. */
  observations: Scalars['Int']['output'];
  /** Its price beside the listing of ours beside which it was seen last: the lowest, or where nobody tells that, the featured one. */
  offer: RivalPrice;
  /** Reviews that it won a day. */
  reviewsPerDay: RivalFigure;
  /** The rival's code on the marketplace. */
  rival: Scalars['String']['output'];
  /** The mean of its sales ranks; more is worse. */
  salesRank: RivalFigure;
  /** Who says so, by name. */
  sources: Array<Scalars['String']['output']>;
};

/** What became of a row of a bulk mutation. */
export type RowStatus =
  /** Created */
  | 'CREATED'
  /** Refused */
  | 'REFUSED'
  /** Unchanged */
  | 'UNCHANGED'
  /** Updated */
  | 'UPDATED';

/** What became of the alerts of one rule. */
export type RuleOutcomes = {
  /** Would have come true without what was done. */
  averted: Scalars['Int']['output'];
  /** Cannot be told. */
  censored: Scalars['Int']['output'];
  /** Were wrong. */
  falsePositive: Scalars['Int']['output'];
  /** The rule's slug. */
  kind: Scalars['String']['output'];
  /** Its name, in the language of the request. */
  label: Scalars['String']['output'];
  /** Came too late. */
  late: Scalars['Int']['output'];
  /** Right ones among right and wrong ones. */
  precision: Metric;
  /** Came true. */
  truePositive: Scalars['Int']['output'];
};

/** A value of a rule's parameter that somebody set, with who, why and for how long. It is never changed. */
export type RuleParameter = Node & {
  /** The account, where that is its scope. */
  account: Maybe<Account>;
  /** The category, where that is its scope. */
  category: Maybe<Category>;
  /** Why it was ended, or empty. What nobody typed is in the language of the request. */
  endReason: Scalars['String']['output'];
  /** When somebody ended or replaced it; null where nobody did. */
  endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who ended it, or empty. */
  endedBy: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether its time is now. A more specific one may stand before it. */
  isActive: Scalars['Boolean']['output'];
  /** The kind of alert whose rule it is. */
  kind: Slugged;
  /** The name of the parameter. */
  parameter: Scalars['String']['output'];
  /** The pool, where that is its scope. */
  pool: Maybe<StockPool>;
  /** What was set for the same SKUs before; null where nothing was. */
  previousValue: Maybe<Scalars['JSON']['output']>;
  /** Why. */
  reason: Scalars['String']['output'];
  /** For which SKUs it holds. */
  scope: ParameterScope;
  /** When it was set. */
  setAt: Scalars['DateTime']['output'];
  /** Who set it. */
  setBy: Scalars['String']['output'];
  /** The SKU, where that is its scope. */
  sku: Maybe<Sku>;
  /** The class, where that is its scope; else empty. */
  skuClass: Scalars['String']['output'];
  /** The stage, where that is its scope. */
  stage: Maybe<Slugged>;
  /** From when it holds. */
  startsAt: Scalars['DateTime']['output'];
  /** When it reverts by itself; null where it holds until somebody ends or replaces it. */
  untilAt: Maybe<Scalars['DateTime']['output']>;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** The value, as the rule takes it. */
  value: Scalars['JSON']['output'];
  /** For `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type RuleParameterConnection = {
  /** Contains the nodes in this connection */
  edges: Array<RuleParameterEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** Sets one value. */
export type RuleParameterCreateInput = {
  /** The same key again sets nothing again and gives the earlier result: 1 to 100 characters of yours. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The name of the parameter. */
  parameter: Scalars['String']['input'];
  /** Why: what the next person reads. */
  reason: Scalars['String']['input'];
  /** The slug of the rule: its kind of alert. */
  rule: Scalars['String']['input'];
  /** For which SKUs. */
  scope?: ParameterScope;
  /** From when it holds; now where it is not sent. */
  startsAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The code of the category, account, pool or SKU, the slug of the stage, or the class; not sent for all SKUs. */
  target?: InputMaybe<Scalars['String']['input']>;
  /** When it reverts by itself; not sent where it has no end. */
  untilAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The value, as the rule takes it: a number, or its text. */
  value: Scalars['JSON']['input'];
};

/** The value as it was set, or why nothing was set. */
export type RuleParameterCreatePayload = {
  /** Expected failures; nothing was set where there are any. */
  errors: Array<UserError>;
  /** The value; null where there are errors. */
  ruleParameter: Maybe<RuleParameter>;
};

/** What became of one row. */
export type RuleParameterCreateResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** The value as it is now; null where the row was refused. */
  ruleParameter: Maybe<RuleParameter>;
  /** What became of it. */
  status: RowStatus;
};

/** An edge in a connection. */
export type RuleParameterEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: RuleParameter;
};

/** A value of a rule's parameter, for whom, and until when. Without an end it replaces the one before. */
export type RuleParameterInput = {
  /** The name of the parameter. */
  parameter: Scalars['String']['input'];
  /** Why: what the next person reads. */
  reason: Scalars['String']['input'];
  /** The slug of the rule: its kind of alert. */
  rule: Scalars['String']['input'];
  /** For which SKUs. */
  scope?: ParameterScope;
  /** From when it holds; now where it is not sent. */
  startsAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The code of the category, account, pool or SKU, the slug of the stage, or the class; not sent for all SKUs. */
  target?: InputMaybe<Scalars['String']['input']>;
  /** When it reverts by itself; not sent where it has no end. */
  untilAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The value, as the rule takes it: a number, or its text. */
  value: Scalars['JSON']['input'];
};

/** Ends values before their time: what held without them holds again. */
export type RuleParametersCancelInput = {
  /** The version that was read, where it is one value. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Their ids, at most 1,000. All are ended, or none. */
  ids: Array<Scalars['ID']['input']>;
  /** Why they end. */
  reason: Scalars['String']['input'];
};

/** The values that were ended, or why none was. */
export type RuleParametersCancelPayload = {
  /** Expected failures; nothing was ended where there are any. */
  errors: Array<UserError>;
  /** The values as they are now; empty where there are errors. */
  ruleParameters: Array<RuleParameter>;
};

/** Sets many values. */
export type RuleParametersCreateInput = {
  /** The same key again sets nothing again and gives the earlier result: 1 to 100 characters of yours. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** At most 1,000 values; a bad row is refused alone. */
  rows: Array<RuleParameterInput>;
};

/** What became of the rows. */
export type RuleParametersCreatePayload = {
  /** Failures of the whole; nothing was set where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<RuleParameterCreateResult>;
};

/** Units sold of a SKU on an account, for every business day of all time. */
export type SalesSeries = Node & {
  /** Where. */
  account: Account;
  /** Units sold a day. */
  daily: DailySeries;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** When it last sold. */
  lastSoldAt: Maybe<Scalars['DateTime']['output']>;
  /** What was sold. */
  sku: Sku;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
};


/** Units sold of a SKU on an account, for every business day of all time. */
export type SalesSeriesDailyArgs = {
  lastDays?: Scalars['Int']['input'];
};

/** A page of a list, with cursors to go on from. */
export type SalesSeriesConnection = {
  /** Contains the nodes in this connection */
  edges: Array<SalesSeriesEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type SalesSeriesEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: SalesSeries;
};

/** A part of a score. */
export type ScorePart = {
  /** The platform's name of it. */
  name: Scalars['String']['output'];
  /** Its number. */
  score: Scalars['Decimal']['output'];
};

/** The season index of a SKU or a category, from cleaned sales over all accounts: without events and stock-outs. It takes two whole years, and looks back on three. */
export type SeasonIndex = {
  /** The first day of the first month that it was told from; null where nothing is known. */
  firstOn: Maybe<Scalars['Date']['output']>;
  /** The last day of the last month, which is over; null where nothing is known. */
  lastOn: Maybe<Scalars['Date']['output']>;
  /** The twelve months, January first. */
  months: Array<SeasonMonth>;
  /** How many SKUs there are, of a category with those beneath it. */
  ofSkus: Scalars['Int']['output'];
  /** How many SKUs it was told from: of a large category, some that lie evenly among all of them. */
  skus: Scalars['Int']['output'];
};

/** What a day of one natural month sells beside a mean day of the year. */
export type SeasonMonth = {
  /** The mean of the twelve is 1; null with the reason where there are none. */
  index: Metric;
  /** From 1, January, to 12. */
  month: Scalars['Int']['output'];
};

/** This server. */
export type Service = {
  /** The currency in which money at stake is compared, ISO 4217. */
  baseCurrency: Scalars['String']['output'];
  /** Always stockhub. */
  name: Scalars['String']['output'];
  /** The version of the plugin interface. */
  pluginApiVersion: Scalars['String']['output'];
  /** IANA zone of business days that belong to no account or warehouse. */
  timeZone: Scalars['String']['output'];
};

/** A charge or credit as a platform settled it. */
export type SettledCharge = Node & {
  /** Who was charged. */
  account: Account;
  /** What we paid; below 0 is what we got. */
  amount: Money;
  /** By what the platform knows it. */
  externalId: Scalars['String']['output'];
  /** The fee: as `StockHub` names it where it does, else as the platform does. */
  fee: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** The order, or empty. */
  orderExternalId: Scalars['String']['output'];
  /** When it was posted. */
  postedAt: Scalars['DateTime']['output'];
  /** Units of the SKU; null where it is not told. */
  qty: Maybe<Scalars['Quantity']['output']>;
  /** When we were told. */
  recordedAt: Scalars['DateTime']['output'];
  /** For what; null where it is for no code, or for a set. */
  sku: Maybe<Sku>;
};

/** A page of a list, with cursors to go on from. */
export type SettledChargeConnection = {
  /** Contains the nodes in this connection */
  edges: Array<SettledChargeEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type SettledChargeEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: SettledCharge;
};

/** Which of the two fears an alert speaks of, or that the data are in doubt. */
export type Side =
  /** Data */
  | 'DATA'
  /** Excess */
  | 'EXCESS'
  /** Shortage */
  | 'SHORTAGE';

/** What a signal tells of. */
export type SignalKind =
  /** A competitor's launch */
  | 'COMPETITOR_LAUNCH'
  /** Wave of complaints */
  | 'COMPLAINTS'
  /** News of the industry */
  | 'INDUSTRY'
  /** Rank of a keyword */
  | 'KEYWORD_RANK'
  /** Other */
  | 'OTHER'
  /** A rival's price */
  | 'RIVAL_PRICE'
  /** Sales rank */
  | 'SALES_RANK'
  /** Visitors of a listing */
  | 'TRAFFIC';

/** The unit that is counted, bought and sold. Quantities of it are whole base units. */
export type Sku = Editable & Node & {
  /** Values on the product's variant axes, and more. */
  attributes: Scalars['JSON']['output'];
  /** Its stock in every bucket of every warehouse that the user sees. */
  balances: Array<Balance>;
  /** Its barcode, or empty. */
  barcode: Scalars['String']['output'];
  /** Its brand, or empty. */
  brand: Scalars['String']['output'];
  /** Its category. */
  category: Maybe<Category>;
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** What a bundle takes; empty for other SKUs. */
  components: Array<BundleComponent>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** When it is no longer sold; a day of the site's zone. */
  discontinuedOn: Maybe<Scalars['Date']['output']>;
  /** Its ids in other systems, such as the ERP's own. */
  externalRefs: Array<ExternalRef>;
  /** Its current forecast in each pool that the user sees. */
  forecasts: Array<Forecast>;
  /** Height of one unit. */
  heightMm: Maybe<Scalars['Int']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it has no stock of its own, only components. */
  isBundle: Scalars['Boolean']['output'];
  /** Whether it is being cleared: its stage is liquidation then. */
  isClearance: Scalars['Boolean']['output'];
  /** Whether it is bought again; if not, it raises no shortage. */
  isReplenished: Scalars['Boolean']['output'];
  /** When it was first sold; a day of the site's zone. */
  launchedOn: Maybe<Scalars['Date']['output']>;
  /** Length of one unit. */
  lengthMm: Maybe<Scalars['Int']['output']>;
  /** The listings that deliver it, on the accounts that the user sees. */
  listingComponents: Array<ListingComponent>;
  /** Units that came in together, with their age, in the warehouses that the user sees. */
  lots: Array<Lot>;
  /** Its name. */
  name: Scalars['String']['output'];
  /** Suppliers' terms for it. */
  offers: Array<Offer>;
  /** The list price of one unit; null where it is unknown. */
  price: Maybe<Money>;
  /** The product that it is a variant of. */
  product: Maybe<Product>;
  /** Its sales on each account that the user sees. */
  sales: Array<SalesSeries>;
  /** Days from production to expiry. */
  shelfLifeDays: Maybe<Scalars['Int']['output']>;
  /** The stage of its life: plugins can add stages. */
  stage: Maybe<Slugged>;
  /** What one unit costs; null where it is unknown. */
  unitCost: Maybe<Money>;
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
  /** Weight of one unit. */
  weightGrams: Maybe<Scalars['Int']['output']>;
  /** Width of one unit. */
  widthMm: Maybe<Scalars['Int']['output']>;
};

/** A page of a list, with cursors to go on from. */
export type SkuConnection = {
  /** Contains the nodes in this connection */
  edges: Array<SkuEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type SkuEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Sku;
};

/** The weeks that a SKU's stage is told from, over all accounts, and what Bass's curve of its launch says if reliable. */
export type SkuLifeCurve = {
  /** The first day of the first week; a day of the site's zone. */
  from: Scalars['Date']['output'];
  /** The week of the highest sales by the launch's curve; null with the reason where it cannot be relied on. */
  peakWeek: Metric;
  /** Units that are still to be sold by the launch's curve; null likewise. */
  remainingQty: Metric;
  /** The step as an ISO-8601 duration: P7D. */
  step: Scalars['String']['output'];
  /** Cleaned units a week; null in a week that says nothing: no stock, an event, or figures that cannot be. */
  values: Array<Maybe<Scalars['Decimal']['output']>>;
};

/** What the evaluations say of a SKU's stage, beneath anything set by hand. */
export type SkuStage = Node & {
  /** How often in a row the stage found last has been found. */
  consecutive: Scalars['Int']['output'];
  /** The stage found last; null where the week said nothing. */
  evaluated: Maybe<Slugged>;
  /** The numbers that it rests on. */
  evidence: Array<StageEvidence>;
  /** The position of the stage found among the stages, with the formula that gives it; null with the reason where nothing was found. */
  found: Metric;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** How often in a row the stage found last has to be found before it holds; 0 where it holds already. */
  needed: Scalars['Int']['output'];
  /** The slug of the rule that found it. */
  rule: Scalars['String']['output'];
  /** The last day of the week that settled the stage; null where somebody stated it. */
  sinceOn: Maybe<Scalars['Date']['output']>;
  /** Of what; its `stage` is the one in force. */
  sku: Sku;
  /** The stage that the evaluations have settled; null while nothing has ever been told. */
  stage: Maybe<Slugged>;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** The last day of the week that was evaluated last; a day of the site's zone. */
  weekOn: Scalars['Date']['output'];
  /** For how many weeks it has held. */
  weeksInStage: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type SkuStageConnection = {
  /** Contains the nodes in this connection */
  edges: Array<SkuStageEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type SkuStageEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: SkuStage;
};

/** A SKU by its code. A field that is not sent is left alone; null clears it. */
export type SkuUpsertInput = {
  /** Values on the product's variant axes, and more: an object. */
  attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** Its barcode. */
  barcode?: InputMaybe<Scalars['String']['input']>;
  /** Its brand. */
  brand?: InputMaybe<Scalars['String']['input']>;
  /** The code of its category. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** Its unique code: an existing one is changed, else one is made. */
  code: Scalars['String']['input'];
  /** All parts of a bundle; null makes it none. */
  components?: InputMaybe<Array<BundleComponentInput>>;
  /** When it is no longer sold. */
  discontinuedOn?: InputMaybe<Scalars['Date']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Height of one unit. */
  heightMm?: InputMaybe<Scalars['Int']['input']>;
  /** Whether it is being cleared. */
  isClearance?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether it is bought again. */
  isReplenished?: InputMaybe<Scalars['Boolean']['input']>;
  /** When it was first sold. */
  launchedOn?: InputMaybe<Scalars['Date']['input']>;
  /** Length of one unit. */
  lengthMm?: InputMaybe<Scalars['Int']['input']>;
  /** Its name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The list price of one unit. */
  price?: InputMaybe<MoneyInput>;
  /** The code of its product. */
  product?: InputMaybe<Scalars['String']['input']>;
  /** Days from production to expiry. */
  shelfLifeDays?: InputMaybe<Scalars['Int']['input']>;
  /** The slug of its stage. */
  stage?: InputMaybe<Scalars['String']['input']>;
  /** What one unit costs. */
  unitCost?: InputMaybe<MoneyInput>;
  /** Weight of one unit. */
  weightGrams?: InputMaybe<Scalars['Int']['input']>;
  /** Width of one unit. */
  widthMm?: InputMaybe<Scalars['Int']['input']>;
};

/** The SKU that was written, or why it was not. */
export type SkuUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The SKU as it is now; null where there are errors. */
  sku: Maybe<Sku>;
};

/** What became of one row. */
export type SkuUpsertResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** The SKU as it is now; null where the row was refused. */
  sku: Maybe<Sku>;
  /** What became of it. */
  status: RowStatus;
};

/** The stock of one SKU by age, in value. */
export type SkuValueByAge = {
  /** All ages, the youngest first. */
  buckets: Array<AgeBucketValue>;
  /** The SKU's code. */
  sku: Scalars['String']['output'];
  /** The sum of the buckets. */
  totalAmount: Money;
  /** Units without a lot: age and cost are unknown. */
  withoutLotQty: Scalars['Quantity']['output'];
};

/** Many SKUs at once. */
export type SkusUpsertInput = {
  /** At most 1,000 SKUs; a bad row is refused alone. */
  rows: Array<SkuUpsertInput>;
};

/** What became of the rows. */
export type SkusUpsertPayload = {
  /** The change set of all rows, for `changeSetUndo`; null where nothing was changed. */
  changeSetId: Maybe<Scalars['ID']['output']>;
  /** Failures of the whole; nothing was written where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<SkuUpsertResult>;
};

/** A thing that plugins can add to, so that it is no enum: a slug for machines, a label for people. */
export type Slugged = {
  /** The name for a person, in the language of the request. */
  label: Scalars['String']['output'];
  /** How much it matters, from 0 (not a matter of severity) to 3. */
  severity: Scalars['Int']['output'];
  /** Stable, lower-case with hyphens or underscores. */
  slug: Scalars['String']['output'];
};

/** One evaluation that changed something, or one word of a person; kept for ever. */
export type StageChange = Node & {
  /** Who: a user, or a part of the system. */
  actor: Scalars['String']['output'];
  /** How often in a row the stage had been found. */
  consecutive: Scalars['Int']['output'];
  /** The stage found; null where a person did it. */
  evaluated: Maybe<Slugged>;
  /** The numbers that it rests on. */
  evidence: Array<StageEvidence>;
  /** The position of the stage found among the stages, with the formula that gives it; null with the reason where nothing was found. */
  found: Metric;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What changed. */
  kind: ChangeKind;
  /** How often it has to be found; 0 where that does not matter. */
  needed: Scalars['Int']['output'];
  /** Why, in words, or empty. What nobody typed is in the language of the request. */
  note: Scalars['String']['output'];
  /** When it was recorded. */
  recordedAt: Scalars['DateTime']['output'];
  /** The slug of the rule; empty where a person did it. */
  rule: Scalars['String']['output'];
  /** Of what. */
  sku: Sku;
  /** The stage before; null for none. */
  stageFrom: Maybe<Slugged>;
  /** The stage after; the same where only a finding changed. */
  stageTo: Maybe<Slugged>;
  /** The last day of the evaluated week; of what a person did, the day. */
  weekOn: Scalars['Date']['output'];
};

/** A page of a list, with cursors to go on from. */
export type StageChangeConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StageChangeEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type StageChangeEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StageChange;
};

/** One number that a stage rests on. */
export type StageEvidence = {
  /** What it is, in the language of the request. */
  label: Scalars['String']['output'];
  /** Its name in the formula, such as weeks_since_peak. */
  name: Scalars['String']['output'];
  /** The number; null where too few weeks are known. */
  value: Metric;
};

/** A stage that somebody set by hand, with why and until when. */
export type StageOverride = Node & {
  /** Why it ended, or empty. What nobody typed is in the language of the request. */
  endReason: Scalars['String']['output'];
  /** When it ended; null while it holds. */
  endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who ended it, or empty. */
  endedBy: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it holds. */
  isActive: Scalars['Boolean']['output'];
  /** Why. */
  reason: Scalars['String']['output'];
  /** When it was set. */
  setAt: Scalars['DateTime']['output'];
  /** Who set it. */
  setBy: Scalars['String']['output'];
  /** Of what. */
  sku: Sku;
  /** The stage. */
  stage: Maybe<Slugged>;
  /** The last day on which it holds; a day of the site's zone. */
  untilOn: Scalars['Date']['output'];
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
};

/** Ends stages that were set by hand, before their time. */
export type StageOverrideCancelInput = {
  /** The overrides' ids, at most 1,000; all of them or none is ended. */
  ids: Array<Scalars['ID']['input']>;
  /** Why they end. */
  reason: Scalars['String']['input'];
};

/** A page of a list, with cursors to go on from. */
export type StageOverrideConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StageOverrideEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A stage in place of the one that the evaluations settle, until a day. It reverts by itself. */
export type StageOverrideCreateInput = {
  /** Why: what the next person reads. */
  reason: Scalars['String']['input'];
  /** The SKUs' codes, at most 1,000; all of them or none is set. */
  skus: Array<Scalars['String']['input']>;
  /** The stage's slug. */
  stage: Scalars['String']['input'];
  /** The last day on which it holds, of the site's zone: a year from now at most. */
  untilOn: Scalars['Date']['input'];
};

/** An edge in a connection. */
export type StageOverrideEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StageOverride;
};

/** The overrides as they are now, or why nothing was done. */
export type StageOverridePayload = {
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
  /** The overrides; empty where there are errors. */
  stageOverrides: Array<StageOverride>;
};

/** How many SKUs are in a stage. */
export type StageShare = {
  /** How many. */
  skus: Scalars['Int']['output'];
  /** The stage; null for SKUs of which nothing is known. */
  stage: Maybe<Slugged>;
};

/** How old the stock of a listing was in a warehouse that the platform counts. */
export type StockAge = Node & {
  /** Who told it. */
  account: Account;
  /** Units by age, the youngest first. */
  brackets: Array<AgeBracket>;
  /** Units that are too many by the platform's count. */
  excessQty: Maybe<Scalars['Quantity']['output']>;
  /** The platform's own word for the level of stock; null where it has none. No score of ours. */
  health: Maybe<Scalars['String']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** The listing that it was told of. */
  listing: Listing;
  /** Whether the platform says that it charges that fee this week. */
  lowFeeApplied: Maybe<Scalars['Boolean']['output']>;
  /** Whether the platform says that it is exempt from the low-inventory fee. */
  lowFeeExempt: Maybe<Scalars['Boolean']['output']>;
  /** When it was so. */
  observedAt: Scalars['DateTime']['output'];
  /** When we were told. */
  recordedAt: Scalars['DateTime']['output'];
  /** Units sold a unit held over 90 days, as the platform reckons. */
  sellThrough: Maybe<Scalars['Decimal']['output']>;
  /** What it is, in whose units. */
  sku: Sku;
  /** What their room costs a month. */
  storage: Maybe<Money>;
  /** Units that no active offer sells, by the platform's count; null where not told. */
  strandedQty: Maybe<Scalars['Quantity']['output']>;
  /** Days of supply by the platform's short view of what was sold; null where not told. */
  supplyDays30: Maybe<Scalars['Decimal']['output']>;
  /** The same by its long view. Both below 28 cost the low-inventory fee. */
  supplyDays90: Maybe<Scalars['Decimal']['output']>;
  /** Days that the stock lasts by the platform's forecast. */
  supplyDaysAhead: Maybe<Scalars['Decimal']['output']>;
  /** What the platform expected to charge for their age at its next snapshot. */
  surcharge: Maybe<Money>;
  /** Units in all. */
  units: Scalars['Quantity']['output'];
  /** Where it lies. */
  warehouse: Warehouse;
};

/** A page of a list, with cursors to go on from. */
export type StockAgeConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StockAgeEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type StockAgeEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StockAge;
};

/** Stock at a moment: the sum of the movements of then. */
export type StockAsOf = {
  /** The moment: what had happened by then. */
  at: Scalars['DateTime']['output'];
  /** Everything that was not 0, by SKU, warehouse and bucket. */
  levels: Array<StockLevel>;
  /** As far as it was known by then; null for what is known now. */
  recordedAt: Maybe<Scalars['DateTime']['output']>;
};

/** What a count of one SKU came to. */
export type StockCountOutcome = {
  /** What the book said at the time of the count. */
  bookQty: Scalars['Quantity']['output'];
  /** The bucket's slug; null where the shelf was counted. */
  bucket: Maybe<Scalars['String']['output']>;
  /** What was counted. */
  countedQty: Scalars['Quantity']['output'];
  /** How far the count is from the book, in per cent of the book; below zero where units lack. */
  deviationPct: Scalars['Decimal']['output'];
  /** What was posted of the difference; below zero where units lack. */
  postedQty: Scalars['Quantity']['output'];
  /** The SKU. */
  sku: Maybe<Sku>;
  /** Missing units that could not be taken, because orders hold them or they have left since; a dispute. */
  unpostedQty: Scalars['Quantity']['output'];
};

/** A stock count of a warehouse, or of a part of it. */
export type StockCountRecordInput = {
  /** When: what has moved since stands. Now where it is not sent. */
  countedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** Which count it is, in words. */
  reason?: Scalars['String']['input'];
  /** What was counted, at most 1,000 rows; what is not named was not counted. */
  rows: Array<StockCountRowInput>;
  /** The warehouse's code. */
  warehouse: Scalars['String']['input'];
};

/** What the count came to, or why it was not taken over. */
export type StockCountRecordPayload = {
  /** Disputes of the counted SKUs that hold decisions now. */
  disputes: Array<StockDispute>;
  /** Expected failures; nothing was recorded where there are any. */
  errors: Array<UserError>;
  /** A row for each that was sent; empty where there are errors. */
  results: Array<StockCountOutcome>;
};

/** What was counted of a SKU, on the shelf or in a bucket. */
export type StockCountRowInput = {
  /** The bucket's slug. Null where the shelf was counted: what is available and what orders hold, together. */
  bucket?: InputMaybe<Scalars['String']['input']>;
  /** Units counted, from 0 on. */
  qty: Scalars['Quantity']['input'];
  /** The SKU's code. */
  sku: Scalars['String']['input'];
};

/** Ours, the platform's and the warehouse's stock that did not agree on a day. */
export type StockDifference = Node & {
  /** The likely cause. */
  cause: DifferenceCause;
  /** When the warehouse counted. */
  countedAt: Maybe<Scalars['DateTime']['output']>;
  /** Which day; of the account's zone, or the site's for a shelf. */
  day: Scalars['Date']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Of which listing; null where it is about a shelf. */
  listing: Maybe<Listing>;
  /** Ours: what the rule gives from the ledger, or the shelf by the book. */
  ourQty: Maybe<Scalars['Quantity']['output']>;
  /** Units that the platform offers and nobody can serve. */
  oversoldQty: Scalars['Quantity']['output'];
  /** When the platform was seen. */
  platformAt: Maybe<Scalars['DateTime']['output']>;
  /** The platform's: what it shows; null where that is not known. */
  platformQty: Maybe<Scalars['Quantity']['output']>;
  /** When they were compared. */
  recordedAt: Scalars['DateTime']['output'];
  /** Of which SKU; null where it is about a listing. */
  sku: Maybe<Sku>;
  /** On whose shelf; null where it is about a listing. */
  warehouse: Maybe<Warehouse>;
  /** The warehouse's: by its last count; null where nothing was counted. */
  warehouseQty: Maybe<Scalars['Quantity']['output']>;
};

/** A page of a list, with cursors to go on from. */
export type StockDifferenceConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StockDifferenceEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type StockDifferenceEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StockDifference;
};

/** Units that are destroyed. */
export type StockDisposeInput = {
  /** The bucket that they leave. */
  bucket?: Scalars['String']['input'];
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** When it happened; now where it is not sent. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** How many; positive. */
  qty: Scalars['Quantity']['input'];
  /** Why, in words. */
  reason: Scalars['String']['input'];
  /** What caused it, such as a document of the ERP. */
  reference?: Scalars['String']['input'];
  /** The SKU's code; a bundle is named by its components. */
  sku: Scalars['String']['input'];
  /** The warehouse's code. */
  warehouse: Scalars['String']['input'];
};

/** Doubt about the stock of a SKU in a warehouse: holds automatic decisions until a person or a second count settles it. */
export type StockDispute = Node & {
  /** What the book said when it was counted; null where nothing was counted. */
  bookQty: Maybe<Scalars['Quantity']['output']>;
  /** Slugs of the buckets that are doubted; a count that confirms the book names all of them. */
  buckets: Array<Scalars['String']['output']>;
  /** Why. */
  cause: DisputeCause;
  /** When it was counted. */
  countedAt: Maybe<Scalars['DateTime']['output']>;
  /** What was counted. */
  countedQty: Maybe<Scalars['Quantity']['output']>;
  /** How far the count is from the book, in per cent of the book; below zero where units lack. */
  deviationPct: Maybe<Scalars['Decimal']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What a person said about it, or empty. */
  note: Scalars['String']['output'];
  /** Since when decisions are held. */
  openedAt: Scalars['DateTime']['output'];
  /** Who opened it: a user, or a part of the system. */
  openedBy: Scalars['String']['output'];
  /** How it was settled, or empty. */
  resolution: Scalars['String']['output'];
  /** When it was settled; null while it holds decisions. */
  resolvedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who settled it, or empty. */
  resolvedBy: Scalars['String']['output'];
  /** What. */
  sku: Sku;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** Where. */
  warehouse: Warehouse;
};

/** A page of a list, with cursors to go on from. */
export type StockDisputeConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StockDisputeEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type StockDisputeEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StockDispute;
};

/** Says that the stock of a SKU in a warehouse is doubted: nothing acts on it by itself until it is settled. */
export type StockDisputeOpenInput = {
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** Why: what the next person reads. */
  note: Scalars['String']['input'];
  /** The SKU's code. */
  sku: Scalars['String']['input'];
  /** The warehouse's code. */
  warehouse: Scalars['String']['input'];
};

/** The dispute as it is now, or why nothing was done. */
export type StockDisputePayload = {
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
  /** The dispute; null where there are errors. */
  stockDispute: Maybe<StockDispute>;
};

/** Says that a dispute is settled: decisions go on. */
export type StockDisputeResolveInput = {
  /** The dispute's id. */
  id: Scalars['ID']['input'];
  /** How it was settled. */
  resolution: Scalars['String']['input'];
};

/** One key figure of a place, with its formula. */
export type StockKpi = {
  /** Which: turnover_year, stock_to_sales, dead_share, fill_rate, health_score, … */
  kind: Slugged;
  /** Shares are of 1. StockHub health is StockHub's own score of 0 to 100, no platform's. */
  value: Metric;
};

/** The key figures of a pool, a category or a site over all that the user sees. The four influences that platforms name for their own health scores are among them: excess, sell-through, stranded stock, being in stock. */
export type StockKpis = {
  /** The place's code; empty for SKUs of no category and pools of no shop. */
  code: Scalars['String']['output'];
  /** The business day of the figures. */
  day: Scalars['Date']['output'];
  /** The figures, always the same ones in the same order. */
  figures: Array<StockKpi>;
  /** Its name. */
  name: Scalars['String']['output'];
  /** SKUs times pools whose stock is known. */
  skuCount: Scalars['Int']['output'];
};

/** What lay in one bucket at a moment. */
export type StockLevel = {
  /** The bucket's slug. */
  bucket: Scalars['String']['output'];
  /** How many; below zero where back-orders are allowed. */
  qty: Scalars['Quantity']['output'];
  /** The SKU's code. */
  sku: Scalars['String']['output'];
  /** The warehouse's code. */
  warehouse: Scalars['String']['output'];
};

/** Somebody's word on a line for a time, with who, why and until when. It is kept when it has ended. */
export type StockOverride = Node & {
  /** The account, where that is its scope. */
  account: Maybe<Account>;
  /** The category, where that is its scope. */
  category: Maybe<Category>;
  /** Why it was ended early, or empty. */
  endReason: Scalars['String']['output'];
  /** When somebody ended it early; null where nobody did. */
  endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who ended it early, or empty. */
  endedBy: Scalars['String']['output'];
  /** What multiplies the line; null where it has a quantity. */
  factor: Maybe<Scalars['Decimal']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether its time is now. A later one may stand before it all the same. */
  isActive: Scalars['Boolean']['output'];
  /** Which line. */
  line: Line;
  /** The pool, where that is its scope; of a SKU the pool that it is for, null for all. */
  pool: Maybe<StockPool>;
  /** Units that stand in place of the line; null where it has a factor. */
  qty: Maybe<Scalars['Quantity']['output']>;
  /** Why. */
  reason: Scalars['String']['output'];
  /** What it is for. */
  scope: OverrideScope;
  /** When it was set. */
  setAt: Scalars['DateTime']['output'];
  /** Who set it. */
  setBy: Scalars['String']['output'];
  /** The SKU, where that is its scope. */
  sku: Maybe<Sku>;
  /** The class, where that is its scope; else empty. */
  skuClass: Scalars['String']['output'];
  /** The stage, where that is its scope. */
  stage: Maybe<Slugged>;
  /** From when it holds. */
  startsAt: Scalars['DateTime']['output'];
  /** When the line reverts by itself. */
  untilAt: Scalars['DateTime']['output'];
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
};

/** Ends an override before its time. */
export type StockOverrideCancelInput = {
  /** The override's id. */
  id: Scalars['ID']['input'];
  /** Why it ends. */
  reason: Scalars['String']['input'];
};

/** A page of a list, with cursors to go on from. */
export type StockOverrideConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StockOverrideEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** A quantity in place of a line, or a factor on it, for a time. It reverts by itself. */
export type StockOverrideCreateInput = {
  /** The account's code: all pools that serve it. */
  account?: InputMaybe<Scalars['String']['input']>;
  /** The category's code: it, and all beneath it. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** What multiplies the line, from 0 to 100. */
  factor?: InputMaybe<Scalars['Decimal']['input']>;
  /** Which line. */
  line?: Line;
  /** The pool's code: all that is in it, or a SKU there; a SKU alone is overridden in all pools. */
  pool?: InputMaybe<Scalars['String']['input']>;
  /** Units in place of the line; either this or the factor. */
  qty?: InputMaybe<Scalars['Quantity']['input']>;
  /** Why: what the next person reads. */
  reason: Scalars['String']['input'];
  /** The code of the SKU that it is for. Else one of these: pool, account, stage, skuClass, category. */
  sku?: InputMaybe<Scalars['String']['input']>;
  /** The class of SKUs, such as A. */
  skuClass?: InputMaybe<Scalars['String']['input']>;
  /** The slug of the life-cycle stage. */
  stage?: InputMaybe<Scalars['String']['input']>;
  /** From when it holds; now where it is not sent. */
  startsAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** When it ends by itself: a year later at most. */
  untilAt: Scalars['DateTime']['input'];
};

/** An edge in a connection. */
export type StockOverrideEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StockOverride;
};

/** The override as it is now, or why nothing was done. */
export type StockOverridePayload = {
  /** Expected failures; nothing was done where there are any. */
  errors: Array<UserError>;
  /** The override; null where there are errors. */
  stockOverride: Maybe<StockOverride>;
};

/** A SKU over all warehouses, pools and accounts that the user sees. */
export type StockOverview = {
  /** The accounts that sell it or could, by their code. */
  accounts: Array<AccountSales>;
  /** The moment at which it was put together. */
  asOf: Scalars['DateTime']['output'];
  /** Whether the user sees all warehouses and accounts, so that the totals are those of the company. */
  isWhole: Scalars['Boolean']['output'];
  /** The pools that have it or sell it, by their code. */
  pools: Array<PoolStock>;
  /** What. */
  sku: Sku;
  /** All of it. */
  totals: StockTotals;
  /** Where it lies, is awaited or is owed, by the warehouse's code. */
  warehouses: Array<WarehouseStock>;
};

/** A page of a list, with cursors to go on from. */
export type StockOverviewConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StockOverviewEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type StockOverviewEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StockOverview;
};

/** The unit of decision: stock of one or more warehouses that serves the same accounts. */
export type StockPool = Editable & Node & {
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** Its ids in other systems, such as the ERP's own. */
  externalRefs: Array<ExternalRef>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Its name. */
  name: Scalars['String']['output'];
  /** IANA zone of its business days. */
  timeZone: Scalars['String']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
  /** Its warehouses, those that the user sees. */
  warehouses: Array<Warehouse>;
};

/** A page of a list, with cursors to go on from. */
export type StockPoolConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StockPoolEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type StockPoolEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StockPool;
};

/** Units that leave the stock. */
export type StockRemoveInput = {
  /** The bucket that they leave. */
  bucket?: Scalars['String']['input'];
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** When it happened; now where it is not sent. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** How many; positive. */
  qty: Scalars['Quantity']['input'];
  /** Why, in words. */
  reason: Scalars['String']['input'];
  /** What caused it, such as a document of the ERP. */
  reference?: Scalars['String']['input'];
  /** The SKU's code; a bundle is named by its components. */
  sku: Scalars['String']['input'];
  /** The code of the warehouse of ours that they go to: then it is a transfer, which a platform's warehouse may be the source of. Null where they go back to their owner. */
  toWarehouse?: InputMaybe<Scalars['String']['input']>;
  /** The warehouse's code. */
  warehouse: Scalars['String']['input'];
};

/** What was removed, or why it was not. */
export type StockRemovePayload = {
  /** Expected failures; nothing was removed where there are any. */
  errors: Array<UserError>;
  /** The movement; null where there are errors, or a transfer. */
  movement: Maybe<Movement>;
  /** The transfer; null where there are errors, or no destination. */
  transfer: Maybe<Transfer>;
};

/** What the listings of an account show for sale. The nearest rule holds. */
export type StockRule = Editable & Node & {
  /** Of which account. */
  account: Account;
  /** What it shows below the least. */
  belowMin: BelowMin;
  /** Slugs of the buckets that count. */
  buckets: Array<Scalars['String']['output']>;
  /** The category's code; null where it is for none. */
  categoryCode: Maybe<Scalars['String']['output']>;
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether what may be sold within the measured lag of the account's orders is not offered. */
  keepsLagBuffer: Scalars['Boolean']['output'];
  /** For this listing only; null where it is for more. */
  listing: Maybe<Listing>;
  /** When the session begins; null where it has begun. */
  liveFromAt: Maybe<Scalars['DateTime']['output']>;
  /** Units that a live session keeps. */
  liveReserveQty: Scalars['Int']['output'];
  /** When its units are shown again by themselves. */
  liveUntilAt: Maybe<Scalars['DateTime']['output']>;
  /** Never more than this; null for no bound. */
  maxQty: Maybe<Scalars['Int']['output']>;
  /** Below this it shows what `belowMin` says. */
  minQty: Scalars['Int']['output'];
  /** The part of what can be served that is shown. */
  percent: Scalars['Decimal']['output'];
  /** Units added; below 0 they are kept for others. */
  plusQty: Scalars['Int']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
  /** Whose stock counts; empty for those of the account's pools. */
  warehouses: Array<Warehouse>;
};

/** A page of a list, with cursors to go on from. */
export type StockRuleConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StockRuleEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type StockRuleEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StockRule;
};

/** A rule by its scope: an account, one of its listings, or a category. A field that is not sent is left alone. */
export type StockRuleUpsertInput = {
  /** The account's code. */
  account: Scalars['String']['input'];
  /** What is shown below the least. */
  belowMin?: InputMaybe<BelowMin>;
  /** Slugs of the buckets that count. */
  buckets?: InputMaybe<Array<Scalars['String']['input']>>;
  /** The category's code, for a rule of its own. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** The version that the decision was made on; without it, the last one holds. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** True takes the rule away. */
  isDeleted?: Scalars['Boolean']['input'];
  /** Whether what may be sold within the measured lag of the account's orders is not offered. */
  keepsLagBuffer?: InputMaybe<Scalars['Boolean']['input']>;
  /** The listing's code, for a rule of its own. */
  listing?: InputMaybe<Scalars['String']['input']>;
  /** What the listing's code is. */
  listingKind?: Scalars['String']['input'];
  /** When the session begins. */
  liveFromAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Units that a live session keeps. */
  liveReserveQty?: InputMaybe<Scalars['Int']['input']>;
  /** When its units are shown again. */
  liveUntilAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The most that is shown; null for no bound. */
  maxQty?: InputMaybe<Scalars['Int']['input']>;
  /** The least that is shown. */
  minQty?: InputMaybe<Scalars['Int']['input']>;
  /** The part that is shown, from 0 to 1,000. */
  percent?: InputMaybe<Scalars['Decimal']['input']>;
  /** Units added; below 0 they are kept for others. */
  plusQty?: InputMaybe<Scalars['Int']['input']>;
  /** Codes of the warehouses whose stock counts; an empty list for those of the account's pools. */
  warehouses?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** The rule that was written, or why it was not. */
export type StockRuleUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The rule as it is now; null where there are errors. */
  stockRule: Maybe<StockRule>;
};

/** A SKU over all warehouses and accounts of the view, each counted once. */
export type StockTotals = {
  /** Units that can be sold and nothing has claimed. */
  availableQty: Scalars['Quantity']['output'];
  /** Days that what is available lasts at that pace; NO_SALES where nothing was sold. */
  cover: Metric;
  /** The same at the pace of the last 60 days. */
  cover60: Metric;
  /** The same at the pace of the last 90 days. */
  cover90: Metric;
  /** Units sold a day on all accounts, over the last 30 days. */
  dailySales: Metric;
  /** Units on their way. */
  incomingQty: Scalars['Quantity']['output'];
  /** Everything that lies in a warehouse. */
  onHandQty: Scalars['Quantity']['output'];
  /** Units that order lines want and have not been given. */
  owedQty: Scalars['Quantity']['output'];
  /** Units that open orders hold. */
  reservedQty: Scalars['Quantity']['output'];
  /** Units that lie in a warehouse and cannot be sold. */
  unsellableQty: Scalars['Quantity']['output'];
};

/** Stock by age, in value, at a moment. Everything adds up to the cent; what is unknown is in units beside it. */
export type StockValueByAge = {
  /** The moment: what had happened by then. */
  at: Scalars['DateTime']['output'];
  /** All SKUs by age, the youngest first. */
  buckets: Array<AgeBucketValue>;
  /** As far as it was known by then; null for what is known now. */
  recordedAt: Maybe<Scalars['DateTime']['output']>;
  /** Each SKU that had stock. */
  skus: Array<SkuValueByAge>;
  /** The sum of the buckets. */
  totalAmount: Money;
  /** Units without a lot: age and cost are unknown. */
  withoutLotQty: Scalars['Quantity']['output'];
};

/** More or less came in than a document says was sent: a task for a person, who accepts it or finds the units. */
export type StockVariance = Node & {
  /** Units more, or as a negative number fewer, than were sent. */
  differenceQty: Scalars['Int']['output'];
  /** Units that were sent. */
  expectedQty: Scalars['Quantity']['output'];
  /** Units that came in. */
  foundQty: Scalars['Quantity']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What sort of document it is of. */
  kind: VarianceKind;
  /** The document's line. */
  lineNo: Scalars['Int']['output'];
  /** What the person who resolved it wrote, or empty. */
  note: Scalars['String']['output'];
  /** Since when it is a task. */
  openedAt: Scalars['DateTime']['output'];
  /** The document, such as transfer:TR-1. */
  reference: Scalars['String']['output'];
  /** When it was resolved; null while it is open. */
  resolvedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who resolved it, or empty. */
  resolvedBy: Scalars['String']['output'];
  /** What. */
  sku: Sku;
  /** What became of it. */
  status: VarianceStatus;
  /** When it last changed. */
  updatedAt: Scalars['DateTime']['output'];
  /** The difference in per cent of what was sent; null where nothing was sent. */
  variancePct: Maybe<Scalars['Decimal']['output']>;
  /** Where it came in. */
  warehouse: Warehouse;
};

/** A page of a list, with cursors to go on from. */
export type StockVarianceConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StockVarianceEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type StockVarianceEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StockVariance;
};

/** What a person found out about an open variance. */
export type StockVarianceResolveInput = {
  /** The variance's id. */
  id: Scalars['ID']['input'];
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey: Scalars['String']['input'];
  /** Why, in words. */
  note?: Scalars['String']['input'];
  /** What was found out. */
  outcome: VarianceOutcome;
  /** Units that were found; all that are missing where it is not sent. */
  qty?: InputMaybe<Scalars['Quantity']['input']>;
};

/** The variance as it is now, or why it was not resolved. */
export type StockVarianceResolvePayload = {
  /** Expected failures; nothing was changed where there are any. */
  errors: Array<UserError>;
  /** The variance; null where there are errors. */
  stockVariance: Maybe<StockVariance>;
};

/** Units that lay in a warehouse without a lot: their age and cost are unknown. */
export type StockWithoutLot = {
  /** How many. */
  qty: Scalars['Quantity']['output'];
  /** The SKU's code. */
  sku: Scalars['String']['output'];
  /** The warehouse's code. */
  warehouse: Scalars['String']['output'];
};

/** How many stock-outs were foreseen. */
export type StockoutCounts = {
  /** Of them those foreseen as early as the fastest delivery takes. */
  actionable: Scalars['Int']['output'];
  /** Foreseen at least a day ahead. */
  detected: Scalars['Int']['output'];
  /** Not foreseen. */
  missed: Scalars['Int']['output'];
  /** Foreseen ones among all. */
  recall: Metric;
};

/** A stock-out of a SKU that sells, and whether an alert foresaw it. */
export type StockoutEvent = Node & {
  /** Its last day; null while it lasts. */
  endedOn: Maybe<Scalars['Date']['output']>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether the fastest delivery would have come in time. */
  isActionable: Maybe<Scalars['Boolean']['output']>;
  /** How many days ahead the first alert did. */
  leadDays: Maybe<Scalars['Int']['output']>;
  /** What they would have sold for, in the base currency. */
  lostSales: Metric;
  /** Units that were not sold for lack of stock. */
  lostUnits: Metric;
  /** Its first day. */
  onsetOn: Scalars['Date']['output'];
  /** Whether an alert foresaw it. */
  outcome: StockoutOutcome;
  /** The stock that ran out. */
  pool: StockPool;
  /** Why this version was written. */
  reason: LabelReason;
  /** When it was written. */
  recordedAt: Scalars['DateTime']['output'];
  /** The SKU. */
  sku: Sku;
  /** 1, and one more whenever it ended or late facts said otherwise. */
  version: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type StockoutEventConnection = {
  /** Contains the nodes in this connection */
  edges: Array<StockoutEventEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type StockoutEventEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: StockoutEvent;
};

/** Whether an alert foresaw a stock-out. */
export type StockoutOutcome =
  /** Foreseen */
  | 'DETECTED'
  /** Missed */
  | 'MISSED'
  /** Before the watch began */
  | 'UNFORESEEABLE'
  /** There was none after all */
  | 'WITHDRAWN';

/** What became of an order that was sent. */
export type SubmissionStatus =
  /** Durable; its effects follow at once */
  | 'ACCEPTED'
  /** Applied */
  | 'APPLIED'
  /** Refused */
  | 'REFUSED'
  /** Here before, word for word */
  | 'REPEATED';

/** A SKU that can be sold in place of one that runs out. */
export type Substitute = {
  /** The substitute's code. */
  code: Scalars['String']['output'];
  /** What it is called. */
  name: Scalars['String']['output'];
  /** Units of it that the same pool has to sell. */
  units: Scalars['Quantity']['output'];
};

/** What one listing delivers. */
export type SuggestionAcceptInput = {
  /** The listing's code. */
  code: Scalars['String']['input'];
  /** What the listing's code is: sku, asin, msku, … */
  kind?: Scalars['String']['input'];
  /** Units that selling the listing once takes. */
  qty?: Scalars['Quantity']['input'];
  /** The SKU's code. */
  sku: Scalars['String']['input'];
};

/** Somebody we buy from. */
export type Supplier = Editable & Node & {
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** Whom to speak to, or empty. */
  contactName: Scalars['String']['output'];
  /** ISO 3166 code of two letters, or empty. */
  country: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** The currency it invoices in, ISO 4217. */
  currency: Scalars['String']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** Address for orders, or empty. */
  email: Scalars['String']['output'];
  /** Its ids in other systems, such as the ERP's own. */
  externalRefs: Array<ExternalRef>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether we still buy there. */
  isActive: Scalars['Boolean']['output'];
  /** Near enough for a delivery within a day. */
  isLocal: Scalars['Boolean']['output'];
  /** Its name. */
  name: Scalars['String']['output'];
  /** Notes of the buyers. */
  notes: Scalars['String']['output'];
  /** Telephone, or empty. */
  phone: Scalars['String']['output'];
  /** IANA zone of its business days. */
  timeZone: Scalars['String']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type SupplierConnection = {
  /** Contains the nodes in this connection */
  edges: Array<SupplierEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type SupplierEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Supplier;
};

/** A supplier by its code. A field that is not sent is left alone; null clears it. */
export type SupplierUpsertInput = {
  /** Its unique code: an existing one is changed, else one is made. */
  code: Scalars['String']['input'];
  /** Whom to speak to. */
  contactName?: InputMaybe<Scalars['String']['input']>;
  /** ISO 3166 code of two letters. */
  country?: InputMaybe<Scalars['String']['input']>;
  /** The currency it invoices in, ISO 4217. */
  currency?: InputMaybe<Scalars['String']['input']>;
  /** Address for orders. */
  email?: InputMaybe<Scalars['String']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Whether we still buy there. */
  isActive?: InputMaybe<Scalars['Boolean']['input']>;
  /** Near enough for a delivery within a day. */
  isLocal?: InputMaybe<Scalars['Boolean']['input']>;
  /** Its name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** Notes of the buyers. */
  notes?: InputMaybe<Scalars['String']['input']>;
  /** Telephone. */
  phone?: InputMaybe<Scalars['String']['input']>;
  /** IANA zone of its business days. */
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

/** The supplier that was written, or why it was not. */
export type SupplierUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The supplier as it is now; null where there are errors. */
  supplier: Maybe<Supplier>;
};

/** What became of one row. */
export type SupplierUpsertResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** What became of it. */
  status: RowStatus;
  /** The supplier as it is now; null where the row was refused. */
  supplier: Maybe<Supplier>;
};

/** Many suppliers at once. */
export type SuppliersUpsertInput = {
  /** At most 1,000 suppliers; a bad row is refused alone. */
  rows: Array<SupplierUpsertInput>;
};

/** What became of the rows. */
export type SuppliersUpsertPayload = {
  /** The change set of all rows, for `changeSetUndo`; null where nothing was changed. */
  changeSetId: Maybe<Scalars['ID']['output']>;
  /** Failures of the whole; nothing was written where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<SupplierUpsertResult>;
};

/** A warning line that was set from the forecast for a week or a month. */
export type ThresholdAdjustment = Node & {
  /** Days of sales that the line should last. */
  coverDays: Scalars['Decimal']['output'];
  /** The forecast's mean that it was set from, in units a day. */
  dailyMean: Scalars['Decimal']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it is the latest. */
  isCurrent: Scalars['Boolean']['output'];
  /** The first day of its week or month; a day of the site's zone. */
  periodOn: Scalars['Date']['output'];
  /** In which pool. */
  pool: StockPool;
  /** The line before, in units; null where there was none. */
  previousQty: Maybe<Scalars['Quantity']['output']>;
  /** The line, in units. */
  qty: Scalars['Quantity']['output'];
  /** When it was set. */
  recordedAt: Scalars['DateTime']['output'];
  /** For a week or for a month. */
  schedule: LineSchedule;
  /** Of what. */
  sku: Sku;
};

/** A page of a list, with cursors to go on from. */
export type ThresholdAdjustmentConnection = {
  /** Contains the nodes in this connection */
  edges: Array<ThresholdAdjustmentEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type ThresholdAdjustmentEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: ThresholdAdjustment;
};

/** What needs a decision today, both fears side by side. */
export type Today = {
  /** When the list was made. */
  asOf: Scalars['DateTime']['output'];
  /** What makes either doubtful. */
  data: TodaySide;
  /** The business day that it is for. */
  day: Scalars['Date']['output'];
  /** IANA zone that the day belongs to. */
  dayZone: Scalars['String']['output'];
  /** What lies too long. */
  excess: TodaySide;
  /** How fresh the data are that it was made of. */
  feeds: Array<Feed>;
  /** The same alerts by who cures them: inventory, supply, forecasting and marketing, always all four, in this order. */
  pillars: Array<TodayPillar>;
  /** What to do first over both sides, each action counted once; within `budget`, where one is named, the actions that save most together. */
  plan: TodayPlan;
  /** What runs out. */
  shortage: TodaySide;
  /** That nobody is told of some alerts; null where somebody is. */
  unheard: Maybe<TodayUnheard>;
};

/** An action of Today: it answers one line or several, and is counted once. */
export type TodayAction = {
  /** The alert that proposes it. */
  alert: Alert;
  /** Alerts of other lines that the same action answers. */
  alsoAnswers: Array<Alert>;
  /** The cash that it needs now, in the base currency: an order's quantity at the supplier's price, a transfer's freight. 0 for what brings money later. Null with a reason where nobody knows it, which is never taken for free. */
  cash: Metric;
  /** The pool that a transfer takes the units from; null for anything else. */
  fromPool: Maybe<StockPool>;
  /** What it is. */
  kind: ActionKind;
  /** What to do, in the language of the request. */
  label: Scalars['String']['output'];
  /** The pool that the units come to or stay in; null where it is about none. */
  pool: Maybe<StockPool>;
  /** Units that it orders, moves or holds; null where it is about no certain number. */
  quantity: Maybe<Scalars['Quantity']['output']>;
  /** What it saves, of all lines that it answers, in the base currency. */
  saving: Maybe<Money>;
  /** What a unit of that cash saves, to six decimal places; null where it needs none, or nobody knows. */
  savingPerCash: Maybe<Scalars['Decimal']['output']>;
  /** The code of the supplier that an order's cost is of; null where only the SKU's unit cost is known. */
  supplier: Maybe<Scalars['String']['output']>;
  /** What has to be known or settled before it can be chosen: NO_COST, NO_FREIGHT, IN_DISPUTE, …; null if nothing. */
  waitsFor: Maybe<Scalars['String']['output']>;
};

/** How many alerts of a side have one level. */
export type TodayLevel = {
  /** The number of alerts. */
  count: Scalars['Int']['output'];
  /** From 1 (notice) to 3 (act now). */
  level: Scalars['Int']['output'];
};

/** One decision: a SKU in a pool, or a rule or a shop, with its weightiest alert. */
export type TodayLine = {
  /** The weightiest alert. */
  alert: Alert;
  /** Further alerts of the same subject. */
  also: Array<Alert>;
  /** Other lines that the best action of this one answers too: it is one action, and its saving counts once. */
  alsoAnswers: Array<TodayTie>;
  /** Other lines whose best action excludes this one's: of the two only one is counted in the sums. */
  decideFirst: Array<TodayTie>;
  /** What is wrong and what to do, in the language of the request. */
  headline: Scalars['String']['output'];
  /** What ignoring it costs, in the base currency. */
  money: Metric;
  /** Its place on its side, from 1. */
  rank: Scalars['Int']['output'];
  /** What the best action of now still saves, in the base currency: what the list is ranked by. */
  saving: Metric;
  /** The number that it is about. */
  value: Metric;
};

/** What more money would bring first. */
export type TodayNextAction = {
  /** The action that it would pay for. */
  action: TodayAction;
  /** How much more than the budget that takes. */
  extraCash: Maybe<Money>;
  /** What it adds, less the savings of what it would take the place of. */
  extraSaving: Maybe<Money>;
  /** What a unit of that money brings, to six decimal places. */
  savingPerCash: Scalars['Decimal']['output'];
};

/** A pillar with one number and one next action. */
export type TodayPillar = {
  /** The alert that the next action is about; null where none is open. */
  alert: Maybe<Alert>;
  /** What its open alerts put at stake, in the base currency; of alerts on one subject the worst counts. */
  money: Maybe<Money>;
  /** What to do first, in the language of the request. */
  nextAction: Scalars['String']['output'];
  /** Which one. */
  pillar: Pillar;
  /** How many alerts of it are open. */
  totalCount: Scalars['Int']['output'];
};

/** What to do, over both sides, each action counted once; within a budget the actions that save most together. */
export type TodayPlan = {
  /** The actions of one sort, what saves most first: without an argument what to do. */
  actions: Array<TodayAction>;
  /** The cash that there is; null where none was named, and then actions of unknown cost are chosen too. */
  budget: Maybe<Money>;
  /** The cash that they need together, of those whose cash is known. */
  cash: Maybe<Money>;
  /** What is left of the budget; null without one. */
  cashLeft: Maybe<Money>;
  /** What more money would bring first; null without a budget, or where it would bring nothing. */
  nextAction: Maybe<TodayNextAction>;
  /** Lines beyond the first 300, where least is saved, that the plan is not made of. */
  notConsideredCount: Scalars['Int']['output'];
  /** How far the best choice may lie above this one, as a share of the bound, to six decimal places. */
  optimalityGap: Scalars['Decimal']['output'];
  /** What the actions save together. */
  saving: Maybe<Money>;
  /** What no choice of these actions can save more than: equal to `saving` where that is proven best. */
  savingBound: Maybe<Money>;
  /** The most that those save. */
  savingNotConsidered: Maybe<Money>;
  /** How many actions of one sort there are in all. */
  totalCount: Scalars['Int']['output'];
};


/** What to do, over both sides, each action counted once; within a budget the actions that save most together. */
export type TodayPlanActionsArgs = {
  first?: Scalars['Int']['input'];
  which?: PlannedAs;
};


/** What to do, over both sides, each action counted once; within a budget the actions that save most together. */
export type TodayPlanTotalCountArgs = {
  which?: PlannedAs;
};

/** One side of Today. */
export type TodaySide = {
  /** How many there are at each level that has any, the gravest first. */
  levels: Array<TodayLevel>;
  /** The decisions, the one where an action saves most money first. */
  lines: Array<TodayLine>;
  /** What ignoring all of them costs; of alerts on one subject the worst counts, not their sum. */
  money: Maybe<Money>;
  /** What the best actions of now still save together, counted as `money` is: an action that answers lines of both sides counts its part on each, and of two that exclude each other one counts. */
  saving: Maybe<Money>;
  /** How many alerts there are on this side in all. */
  totalCount: Scalars['Int']['output'];
};

/** Another line of Today that a decision hangs together with. */
export type TodayTie = {
  /** What would answer it best. */
  actionKind: ActionKind;
  /** The alert of that line whose action saves most. */
  alert: Alert;
  /** The action that would answer it best, and of what, in the language of the request. */
  label: Scalars['String']['output'];
};

/** That nobody is told of alerts of level 1: no role that is to be told has a member who could be. */
export type TodayUnheard = {
  /** Roles that are to be told of them and have no active member with an address. */
  roles: Array<Scalars['String']['output']>;
  /** Of which sides. */
  sides: Array<Side>;
  /** What is wrong and what to do, in the language of the request. */
  text: Scalars['String']['output'];
};

/** Stock that moves from one warehouse of ours to another; its age and cost move with it. */
export type Transfer = Editable & Node & {
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** Every state that it was told to be in. */
  events: Array<TransferEvent>;
  /** When it should arrive; a day of the destination's zone. */
  expectedOn: Maybe<Scalars['Date']['output']>;
  /** The code of the warehouse that it leaves. */
  fromWarehouseCode: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Days that it is past its expected day while under way; 0 where it is not. */
  lateDays: Scalars['Int']['output'];
  /** What it carries. */
  lines: Array<TransferLine>;
  /** How it travels: sea, air, express, truck, or empty. */
  mode: Scalars['String']['output'];
  /** When it came in; a day of the destination's zone. */
  receivedOn: Maybe<Scalars['Date']['output']>;
  /** When it left; a day of the source's zone. */
  shippedOn: Maybe<Scalars['Date']['output']>;
  /** How far it is. */
  status: TransferStatus;
  /** The code of the warehouse that it goes to. */
  toWarehouseCode: Scalars['String']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type TransferConnection = {
  /** Contains the nodes in this connection */
  edges: Array<TransferEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type TransferEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Transfer;
};

/** A state that a transfer was told to be in. */
export type TransferEvent = {
  /** When it was expected then; a day of the destination's zone. */
  expectedOn: Maybe<Scalars['Date']['output']>;
  /** When it came into this state. */
  occurredAt: Scalars['DateTime']['output'];
  /** When we were told. */
  recordedAt: Scalars['DateTime']['output'];
  /** The state. */
  status: TransferStatus;
};

/** Units of one SKU in a transfer. */
export type TransferLine = {
  /** The bucket that the units leave, and enter where they arrive whole. */
  bucket: Bucket;
  /** The bundle that it is a component of; null where it is of none. */
  bundle: Maybe<Sku>;
  /** Of the received units, those that cannot be sold. */
  damagedQty: Scalars['Quantity']['output'];
  /** Freight of one unit, added to its cost where it arrives. */
  freight: Maybe<Money>;
  /** Its number; the components of a bundle share one. */
  lineNo: Scalars['Int']['output'];
  /** Missing units that were written off. */
  lostQty: Scalars['Quantity']['output'];
  /** Units that have left and not come in, whether still on their way or missing. */
  missingQty: Scalars['Quantity']['output'];
  /** Units that were planned. */
  plannedQty: Scalars['Quantity']['output'];
  /** Units that have come in, damaged ones included. */
  receivedQty: Scalars['Quantity']['output'];
  /** Units that have left. */
  shippedQty: Scalars['Quantity']['output'];
  /** What. */
  sku: Sku;
};

/** Units of a SKU in a transfer; of a bundle all quantities are bundles. A field that is not sent is left alone. */
export type TransferLineInput = {
  /** The bucket that the units leave; available where it is not sent. */
  bucket?: InputMaybe<Scalars['String']['input']>;
  /** Of the received units, those that cannot be sold. */
  damagedQty?: InputMaybe<Scalars['Quantity']['input']>;
  /** Freight of one unit; null for none. */
  freight?: InputMaybe<MoneyInput>;
  /** Its number; its place in the list where it is not sent. */
  lineNo?: InputMaybe<Scalars['Int']['input']>;
  /** Units that are planned. */
  plannedQty?: InputMaybe<Scalars['Quantity']['input']>;
  /** Units that have come in, damaged ones included. */
  receivedQty?: InputMaybe<Scalars['Quantity']['input']>;
  /** Units that have left. */
  shippedQty?: InputMaybe<Scalars['Quantity']['input']>;
  /** The SKU's code. */
  sku: Scalars['String']['input'];
};

/** How far a transfer is. */
export type TransferStatus =
  /** Cancelled: everything is back at the source */
  | 'CANCELLED'
  /** In transit */
  | 'IN_TRANSIT'
  /** Planned: nothing has moved */
  | 'PLANNED'
  /** Received: complete */
  | 'RECEIVED'
  /** Receiving: arrived, not put away */
  | 'RECEIVING';

/** A transfer by its code. A field that is not sent is left alone; null clears it. */
export type TransferUpsertInput = {
  /** Its unique code: an existing one is changed, else one is made. */
  code: Scalars['String']['input'];
  /** When it should arrive; a day of the destination's zone. */
  expectedOn?: InputMaybe<Scalars['Date']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** The code of the warehouse that it leaves; a new one needs it. */
  fromWarehouse?: InputMaybe<Scalars['String']['input']>;
  /** Sent again with the same key, it has no second effect; with other values it is refused. */
  idempotencyKey?: Scalars['String']['input'];
  /** All its lines, at most 1,000; a new one needs them. */
  lines?: InputMaybe<Array<TransferLineInput>>;
  /** How it travels: sea, air, express, truck. */
  mode?: InputMaybe<Scalars['String']['input']>;
  /** When it came into the state that is sent, now where it is not sent: with it, states may come in any order. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** When it came in; a day of the destination's zone. */
  receivedOn?: InputMaybe<Scalars['Date']['input']>;
  /** When it left; a day of the source's zone. */
  shippedOn?: InputMaybe<Scalars['Date']['input']>;
  /** How far it is. */
  status?: InputMaybe<TransferStatus>;
  /** The code of the warehouse that it goes to; a new one needs it. */
  toWarehouse?: InputMaybe<Scalars['String']['input']>;
};

/** The transfer that was written, or why it was not. */
export type TransferUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The transfer as it is now; null where there are errors. */
  transfer: Maybe<Transfer>;
};

/** An expected failure of a mutation, which the caller can act on. */
export type UserError = {
  /** Stable and machine-readable, such as insufficient_stock. */
  code: Scalars['String']['output'];
  /** A sentence for a person, in the language of the request. */
  message: Scalars['String']['output'];
  /** The values that the message speaks of, by name. */
  params: Scalars['JSON']['output'];
  /** The input field at fault, outermost first; empty where it is none of them. */
  path: Array<Scalars['String']['output']>;
};

/** What sort of document a variance is of. */
export type VarianceKind =
  /** Shipment */
  | 'SHIPMENT'
  /** Transfer */
  | 'TRANSFER';

/** What a person found out about a variance. */
export type VarianceOutcome =
  /** It stays: missing units are written off */
  | 'ACCEPTED'
  /** Units were found */
  | 'FOUND';

/** What became of a variance. */
export type VarianceStatus =
  /** Accepted */
  | 'ACCEPTED'
  /** Found */
  | 'FOUND'
  /** Open: somebody has to find out */
  | 'OPEN'
  /** Withdrawn: the document is not complete */
  | 'WITHDRAWN';

/** The asking user. */
export type Viewer = {
  /** The language that he has chosen. */
  language: Scalars['String']['output'];
  /** His full name, or the name at login where there is none. */
  name: Scalars['String']['output'];
  /** What he may do, such as catalog.view_sku. */
  permissions: Array<Scalars['String']['output']>;
  /** Whether he sees every account. */
  seesAllAccounts: Scalars['Boolean']['output'];
  /** Whether he sees every warehouse. */
  seesAllWarehouses: Scalars['Boolean']['output'];
  /** IANA zone that he has chosen. */
  timeZone: Scalars['String']['output'];
  /** His name at login. */
  username: Scalars['String']['output'];
};

/** A place that holds stock. */
export type Warehouse = Editable & Node & {
  /** Whether available stock may go below zero here. */
  allowsBackorder: Scalars['Boolean']['output'];
  /** Whether presales are promised what is on its way here. */
  allowsPresale: Scalars['Boolean']['output'];
  /** Who counts here. */
  authority: Authority;
  /** How many litres it holds. */
  capacityLitres: Maybe<Scalars['Int']['output']>;
  /** How many units it holds. */
  capacityUnits: Maybe<Scalars['Int']['output']>;
  /** Its unique code. */
  code: Scalars['String']['output'];
  /** ISO 3166 code of two letters, or empty. */
  country: Scalars['String']['output'];
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null while it lives. */
  deletedAt: Maybe<Scalars['DateTime']['output']>;
  /** Its ids in other systems, such as the ERP's own. */
  externalRefs: Array<ExternalRef>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** What sort of place it is. */
  kind: WarehouseKind;
  /** Sales before this moved no stock here. */
  ledgerStartsAt: Scalars['DateTime']['output'];
  /** The company that holds it, or empty. */
  legalEntity: Scalars['String']['output'];
  /** Its name. */
  name: Scalars['String']['output'];
  /** IANA zone of its business days. */
  timeZone: Scalars['String']['output'];
  /** When it was last written. */
  updatedAt: Scalars['DateTime']['output'];
  /** Counts up with every change; an update takes it as `expectedVersion`. */
  version: Scalars['Int']['output'];
};

/** A page of a list, with cursors to go on from. */
export type WarehouseConnection = {
  /** Contains the nodes in this connection */
  edges: Array<WarehouseEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type WarehouseEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: Warehouse;
};

/** What sort of place a warehouse is. */
export type WarehouseKind =
  /** Consigned */
  | 'CONSIGNED'
  /** Supplier drop-ship */
  | 'DROP_SHIP'
  /** Fulfilled by Amazon */
  | 'FBA'
  /** Own warehouse */
  | 'OWN'
  /** Platform cloud warehouse */
  | 'PLATFORM_CLOUD'
  /** Store */
  | 'STORE'
  /** Third-party logistics */
  | 'THIRD_PARTY';

/** A SKU in one warehouse. */
export type WarehouseStock = {
  /** Units that can be sold and nothing has claimed. */
  availableQty: Scalars['Quantity']['output'];
  /** Units by bucket; a bucket of which nothing is known is not here. */
  buckets: Array<BucketQuantity>;
  /** Days that what is available lasts at that pace. */
  cover: Metric;
  /** Demand a day of its pools; POOLED_STOCK where they have other warehouses too, so that it is only the pool's. */
  dailyDemand: Metric;
  /** What is on its way, the earliest first. */
  incoming: Array<IncomingStock>;
  /** Whether the platform counts here and we observe. */
  isObserved: Scalars['Boolean']['output'];
  /** The warehouse's name. */
  name: Scalars['String']['output'];
  /** When the platform last counted what is for sale; null where we count. */
  observedAt: Maybe<Scalars['DateTime']['output']>;
  /** The age of the oldest lot of which something is left. */
  oldestAge: Metric;
  /** Units that order lines want and have not been given. */
  owedQty: Scalars['Quantity']['output'];
  /** The codes of its pools, of those that the user sees. */
  pools: Array<Scalars['String']['output']>;
  /** Units that open orders hold. */
  reservedQty: Scalars['Quantity']['output'];
  /** Units that lie here and cannot be sold. */
  unsellableQty: Scalars['Quantity']['output'];
  /** When a figure last changed; null where there is none. */
  updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** The warehouse's code. */
  warehouse: Scalars['String']['output'];
};

/** A warehouse by its code. A field that is not sent is left alone; null clears it. */
export type WarehouseUpsertInput = {
  /** Whether available stock may go below zero here. */
  allowsBackorder?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether presales are promised what is on its way here. */
  allowsPresale?: InputMaybe<Scalars['Boolean']['input']>;
  /** Who counts here. */
  authority?: InputMaybe<Authority>;
  /** How many litres it holds. */
  capacityLitres?: InputMaybe<Scalars['Int']['input']>;
  /** How many units it holds. */
  capacityUnits?: InputMaybe<Scalars['Int']['input']>;
  /** Its unique code: an existing one is changed, else one is made. */
  code: Scalars['String']['input'];
  /** ISO 3166 code of two letters. */
  country?: InputMaybe<Scalars['String']['input']>;
  /** The version that the change was made from; without it, the last writer wins. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** What sort of place it is. */
  kind?: InputMaybe<WarehouseKind>;
  /** Sales before this move no stock here. */
  ledgerStartsAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The company that holds it. */
  legalEntity?: InputMaybe<Scalars['String']['input']>;
  /** Its name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** IANA zone of its business days. */
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

/** The warehouse that was written, or why it was not. */
export type WarehouseUpsertPayload = {
  /** Expected failures; nothing was written where there are any. */
  errors: Array<UserError>;
  /** The warehouse as it is now; null where there are errors, or where the user has no grant for it yet. */
  warehouse: Maybe<Warehouse>;
};

/** What became of one row. */
export type WarehouseUpsertResult = {
  /** Why it was refused; empty where it was not. */
  errors: Array<UserError>;
  /** The row's place, from 0. */
  index: Scalars['Int']['output'];
  /** What became of it. */
  status: RowStatus;
  /** The warehouse as it is now; null where the row was refused, or where the user has no grant for it yet. */
  warehouse: Maybe<Warehouse>;
};

/** Many warehouses at once. */
export type WarehousesUpsertInput = {
  /** At most 1,000 warehouses; a bad row is refused alone. */
  rows: Array<WarehouseUpsertInput>;
};

/** What became of the rows. */
export type WarehousesUpsertPayload = {
  /** The change set of all rows, for `changeSetUndo`; null where nothing was changed. */
  changeSetId: Maybe<Scalars['ID']['output']>;
  /** Failures of the whole; nothing was written where there are any. */
  errors: Array<UserError>;
  /** A result for each row, in their order. */
  results: Array<WarehouseUpsertResult>;
};

/** A message that a platform pushed, reduced to an allow-list of fields. */
export type WebhookMessage = Node & {
  /** Whose message. */
  account: Account;
  /** Attempts that failed. */
  attempts: Scalars['Int']['output'];
  /** When what it says was taken in. */
  doneAt: Maybe<Scalars['DateTime']['output']>;
  /** The last error, or empty. */
  error: Scalars['String']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** The platform's own name of the event. */
  kind: Scalars['String']['output'];
  /** The platform's id of it: pushed again, it is the same message. */
  messageId: Scalars['String']['output'];
  /** Not before then is it worked on, while it is due. */
  nextAttemptAt: Scalars['DateTime']['output'];
  /** When it happened, where the platform says so. */
  occurredAt: Maybe<Scalars['DateTime']['output']>;
  /** The message as it is kept. */
  payload: Scalars['JSON']['output'];
  /** When it first came in. */
  receivedAt: Scalars['DateTime']['output'];
  /** What has become of it. */
  status: WebhookStatus;
};

/** A page of a list, with cursors to go on from. */
export type WebhookMessageConnection = {
  /** Contains the nodes in this connection */
  edges: Array<WebhookMessageEdge>;
  /** Pagination data for this connection */
  pageInfo: PageInfo;
  /** How many there are in all. Counted only where this field is asked for. */
  totalCount: Scalars['Int']['output'];
};

/** An edge in a connection. */
export type WebhookMessageEdge = {
  /** A cursor for use in pagination */
  cursor: Scalars['String']['output'];
  /** The item at the end of the edge */
  node: WebhookMessage;
};

/** Messages that were given up, or wait for another attempt. */
export type WebhookRetryInput = {
  /** Their ids, at most 1,000. */
  ids: Array<Scalars['ID']['input']>;
};

/** How many are due again, or why none is. */
export type WebhookRetryPayload = {
  /** Messages that workers will look at at once; those that are done stay done. */
  dueCount: Scalars['Int']['output'];
  /** Expected failures; nothing is due where there are any. */
  errors: Array<UserError>;
};

/** What has become of a message that a platform pushed. */
export type WebhookStatus =
  /** Done */
  | 'DONE'
  /** Due */
  | 'DUE'
  /** Given up until somebody tries it again */
  | 'PARKED';

export type ExplainedFragment = { value: string | null, unit: string, reason: string | null, asOf: string | null, explain: { value: string | null, text: string, nodes: Array<{ id: number, op: string, name: string | null, label: string | null, value: string | null, unit: string | null, source: string | null, args: Array<number> }> } | null };

export type AlertPageQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type AlertPageQuery = { alert: { id: string, version: number, level: number, side: Side, status: AlertStatus, headline: string, message: string, dueOn: string | null, openedAt: string, timeToAcknowledge: number | null, timeToResolve: number | null, kind: { slug: string, label: string, severity: number }, sku: { id: string, code: string, name: string } | null, pool: { code: string, timeZone: string } | null, owner: { username: string, name: string } | null, value: { value: string | null, unit: string, reason: string | null, asOf: string | null, explain: { value: string | null, text: string, nodes: Array<{ id: number, op: string, name: string | null, label: string | null, value: string | null, unit: string | null, source: string | null, args: Array<number> }> } | null }, money: { value: string | null, unit: string, reason: string | null, asOf: string | null, explain: { value: string | null, text: string, nodes: Array<{ id: number, op: string, name: string | null, label: string | null, value: string | null, unit: string | null, source: string | null, args: Array<number> }> } | null }, dueInDays: { value: string | null, unit: string, reason: string | null, asOf: string | null, explain: { value: string | null, text: string, nodes: Array<{ id: number, op: string, name: string | null, label: string | null, value: string | null, unit: string | null, source: string | null, args: Array<number> }> } | null }, suggestedQty: { value: string | null, unit: string, reason: string | null, asOf: string | null, explain: { value: string | null, text: string, nodes: Array<{ id: number, op: string, name: string | null, label: string | null, value: string | null, unit: string | null, source: string | null, args: Array<number> }> } | null }, history: Array<{ what: string, level: number, note: string, actor: string, occurredAt: string }> } | null };

export type SkuPageQueryVariables = Exact<{
  code: Scalars['String']['input'];
  lastDays?: Scalars['Int']['input'];
}>;


export type SkuPageQuery = { skuByCode: { id: string, code: string, name: string, brand: string, version: number, deletedAt: string | null, isBundle: boolean, isReplenished: boolean, stage: { slug: string, label: string } | null, category: { code: string, name: string } | null, product: { code: string, name: string } | null, unitCost: { amount: string, currency: string } | null, price: { amount: string, currency: string } | null, externalRefs: Array<{ system: string, id: string }>, components: Array<{ qty: number, component: { code: string } }>, balances: Array<{ qty: number, updatedAt: string, bucket: { slug: string, label: string }, warehouse: { code: string } }>, lots: Array<{ code: string, receivedOn: string, expiresOn: string | null, remainingQty: number, grade: Grade }>, offers: Array<{ moq: number, casePack: number, unitPrice: { amount: string, currency: string } | null, legs: Array<{ name: string, days: string }>, supplier: { code: string, name: string } }>, listingComponents: Array<{ qty: number, listing: { code: string, title: string, account: { code: string } } }>, sales: Array<{ lastSoldAt: string | null, account: { code: string }, daily: { from: string, step: string, zone: string, values: Array<string | null> } }>, forecasts: Array<{ modelUsed: string, fallbackReason: string, createdAt: string, pool: { code: string }, mean: { from: string, step: string, zone: string, values: Array<string | null> }, quantiles: Array<{ level: string, series: { values: Array<string | null> } }> }> } | null, alerts: { edges: Array<{ node: { id: string, level: number, status: AlertStatus, headline: string, kind: { slug: string, label: string, severity: number } } }> } };

export type StockPageQueryVariables = Exact<{
  first?: Scalars['Int']['input'];
  after: InputMaybe<Scalars['String']['input']>;
  offset: InputMaybe<Scalars['Int']['input']>;
  search: InputMaybe<Scalars['String']['input']>;
}>;


export type StockPageQuery = { skus: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, code: string, name: string, stage: { slug: string, label: string } | null, unitCost: { amount: string, currency: string } | null, externalRefs: Array<{ system: string, id: string }>, balances: Array<{ id: string, qty: number, bucket: { slug: string, label: string, isSellable: boolean, countsInPosition: boolean }, warehouse: { code: string, name: string } }>, offers: Array<{ id: string, moq: number, casePack: number, leadTimeDays: string | null, unitPrice: { amount: string, currency: string } | null, supplier: { code: string, name: string } }> } }> } };

export type ChangesSinceQueryVariables = Exact<{
  after: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
}>;


export type ChangesSinceQuery = { changes: { pageInfo: { endCursor: string | null, hasNextPage: boolean }, edges: Array<{ node: { entity: string, entityId: string | null, nodeId: string | null, recordedAt: string, kind: { slug: string } } }> } };

export type MetricPartsFragment = { value: string | null, unit: string, reason: string | null, asOf: string | null };

export type TodaySidePartsFragment = { totalCount: number, money: { amount: string, currency: string } | null, lines: Array<{ rank: number, headline: string, money: { value: string | null, unit: string, reason: string | null, asOf: string | null }, value: { value: string | null, unit: string, reason: string | null, asOf: string | null }, alert: { id: string, level: number, status: AlertStatus, dueOn: string | null, version: number, kind: { slug: string, label: string, severity: number }, sku: { id: string, code: string, name: string } | null, pool: { code: string, name: string } | null, owner: { username: string, name: string } | null } }> };

export type TodayPageQueryVariables = Exact<{
  first?: Scalars['Int']['input'];
}>;


export type TodayPageQuery = { today: { asOf: string, day: string, dayZone: string, shortage: { totalCount: number, money: { amount: string, currency: string } | null, lines: Array<{ rank: number, headline: string, money: { value: string | null, unit: string, reason: string | null, asOf: string | null }, value: { value: string | null, unit: string, reason: string | null, asOf: string | null }, alert: { id: string, level: number, status: AlertStatus, dueOn: string | null, version: number, kind: { slug: string, label: string, severity: number }, sku: { id: string, code: string, name: string } | null, pool: { code: string, name: string } | null, owner: { username: string, name: string } | null } }> }, excess: { totalCount: number, money: { amount: string, currency: string } | null, lines: Array<{ rank: number, headline: string, money: { value: string | null, unit: string, reason: string | null, asOf: string | null }, value: { value: string | null, unit: string, reason: string | null, asOf: string | null }, alert: { id: string, level: number, status: AlertStatus, dueOn: string | null, version: number, kind: { slug: string, label: string, severity: number }, sku: { id: string, code: string, name: string } | null, pool: { code: string, name: string } | null, owner: { username: string, name: string } | null } }> }, data: { totalCount: number, money: { amount: string, currency: string } | null, lines: Array<{ rank: number, headline: string, money: { value: string | null, unit: string, reason: string | null, asOf: string | null }, value: { value: string | null, unit: string, reason: string | null, asOf: string | null }, alert: { id: string, level: number, status: AlertStatus, dueOn: string | null, version: number, kind: { slug: string, label: string, severity: number }, sku: { id: string, code: string, name: string } | null, pool: { code: string, name: string } | null, owner: { username: string, name: string } | null } }> }, feeds: Array<{ kind: string, dataUntilAt: string | null, error: string, isPaused: boolean, age: { value: string | null, unit: string, reason: string | null, asOf: string | null }, account: { code: string, name: string } }> } };

export const ExplainedFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Explained"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Metric"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"explain"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"op"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"args"}}]}}]}}]}}]} as unknown as DocumentNode<ExplainedFragment, unknown>;
export const MetricPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MetricParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Metric"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}}]}}]} as unknown as DocumentNode<MetricPartsFragment, unknown>;
export const TodaySidePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TodaySideParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TodaySide"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"money"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rank"}},{"kind":"Field","name":{"kind":"Name","value":"headline"}},{"kind":"Field","name":{"kind":"Name","value":"money"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MetricParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"value"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MetricParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"alert"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"kind"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sku"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"owner"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"username"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MetricParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Metric"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}}]}}]} as unknown as DocumentNode<TodaySidePartsFragment, unknown>;
export const AlertPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AlertPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"alert"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"side"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"headline"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"openedAt"}},{"kind":"Field","name":{"kind":"Name","value":"timeToAcknowledge"}},{"kind":"Field","name":{"kind":"Name","value":"timeToResolve"}},{"kind":"Field","name":{"kind":"Name","value":"kind"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sku"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}},{"kind":"Field","name":{"kind":"Name","value":"owner"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"username"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"value"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Explained"}}]}},{"kind":"Field","name":{"kind":"Name","value":"money"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Explained"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dueInDays"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Explained"}}]}},{"kind":"Field","name":{"kind":"Name","value":"suggestedQty"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Explained"}}]}},{"kind":"Field","name":{"kind":"Name","value":"history"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"what"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"note"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}},{"kind":"Field","name":{"kind":"Name","value":"occurredAt"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Explained"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Metric"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"explain"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"op"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"args"}}]}}]}}]}}]} as unknown as DocumentNode<AlertPageQuery, AlertPageQueryVariables>;
export const SkuPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SkuPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"code"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"lastDays"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"90"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"skuByCode"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"code"},"value":{"kind":"Variable","name":{"kind":"Name","value":"code"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"deletedAt"}},{"kind":"Field","name":{"kind":"Name","value":"isBundle"}},{"kind":"Field","name":{"kind":"Name","value":"isReplenished"}},{"kind":"Field","name":{"kind":"Name","value":"stage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"category"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"product"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"unitCost"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"price"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"externalRefs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"system"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"components"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qty"}},{"kind":"Field","name":{"kind":"Name","value":"component"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"balances"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qty"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"bucket"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warehouse"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"lots"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"receivedOn"}},{"kind":"Field","name":{"kind":"Name","value":"expiresOn"}},{"kind":"Field","name":{"kind":"Name","value":"remainingQty"}},{"kind":"Field","name":{"kind":"Name","value":"grade"}}]}},{"kind":"Field","name":{"kind":"Name","value":"offers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"moq"}},{"kind":"Field","name":{"kind":"Name","value":"casePack"}},{"kind":"Field","name":{"kind":"Name","value":"unitPrice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"legs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"days"}}]}},{"kind":"Field","name":{"kind":"Name","value":"supplier"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"listingComponents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"qty"}},{"kind":"Field","name":{"kind":"Name","value":"listing"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sales"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"lastSoldAt"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}},{"kind":"Field","name":{"kind":"Name","value":"daily"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"lastDays"},"value":{"kind":"Variable","name":{"kind":"Name","value":"lastDays"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"zone"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"forecasts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelUsed"}},{"kind":"Field","name":{"kind":"Name","value":"fallbackReason"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}},{"kind":"Field","name":{"kind":"Name","value":"mean"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"step"}},{"kind":"Field","name":{"kind":"Name","value":"zone"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}},{"kind":"Field","name":{"kind":"Name","value":"quantiles"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"series"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"alerts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"skus"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"code"}}]}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"headline"}},{"kind":"Field","name":{"kind":"Name","value":"kind"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<SkuPageQuery, SkuPageQueryVariables>;
export const StockPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"StockPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"50"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"offset"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"skus"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"offset"},"value":{"kind":"Variable","name":{"kind":"Name","value":"offset"}}},{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"stage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"unitCost"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"externalRefs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"system"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"balances"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"qty"}},{"kind":"Field","name":{"kind":"Name","value":"bucket"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"isSellable"}},{"kind":"Field","name":{"kind":"Name","value":"countsInPosition"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warehouse"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"offers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"moq"}},{"kind":"Field","name":{"kind":"Name","value":"casePack"}},{"kind":"Field","name":{"kind":"Name","value":"leadTimeDays"}},{"kind":"Field","name":{"kind":"Name","value":"unitPrice"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"supplier"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<StockPageQuery, StockPageQueryVariables>;
export const ChangesSinceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ChangesSince"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}}]}},{"kind":"Field","name":{"kind":"Name","value":"entity"}},{"kind":"Field","name":{"kind":"Name","value":"entityId"}},{"kind":"Field","name":{"kind":"Name","value":"nodeId"}},{"kind":"Field","name":{"kind":"Name","value":"recordedAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ChangesSinceQuery, ChangesSinceQueryVariables>;
export const TodayPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TodayPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"today"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"day"}},{"kind":"Field","name":{"kind":"Name","value":"dayZone"}},{"kind":"Field","name":{"kind":"Name","value":"shortage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TodaySideParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"excess"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TodaySideParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"data"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TodaySideParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"feeds"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"dataUntilAt"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"isPaused"}},{"kind":"Field","name":{"kind":"Name","value":"age"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MetricParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MetricParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Metric"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TodaySideParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TodaySide"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"money"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rank"}},{"kind":"Field","name":{"kind":"Name","value":"headline"}},{"kind":"Field","name":{"kind":"Name","value":"money"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MetricParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"value"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MetricParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"alert"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"dueOn"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"kind"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"severity"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sku"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pool"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"owner"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"username"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<TodayPageQuery, TodayPageQueryVariables>;