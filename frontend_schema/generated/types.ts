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
};

/** One shop on one marketplace. */
export type Account = Editable & Node & {
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
  /** When somebody said that he had seen it. */
  acknowledgedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who had seen it, or empty. */
  acknowledgedBy: Scalars['String']['output'];
  /** Days from `asOf` until it is too late; below zero where it is too late already. */
  dueInDays: Metric;
  /** The last day on which acting helps; a day of the pool's zone. */
  dueOn: Maybe<Scalars['Date']['output']>;
  /** The moment whose facts its numbers were made of. */
  evaluatedAt: Scalars['DateTime']['output'];
  /** One line about it, in the language of the request. */
  headline: Scalars['String']['output'];
  /** Why nothing may act on it by itself: IN_DISPUTE while its stock is in dispute, DONOR_IN_DISPUTE while that of the pool is that units would be moved from; null where something may. */
  heldReason: Maybe<Scalars['String']['output']>;
  /** Every step in its life, from the first on. */
  history: Array<AlertEvent>;
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Whether it was there when its account was new. */
  isBaseline: Scalars['Boolean']['output'];
  /** Which rule raised it: plugins add kinds. Its severity is the alert's level. */
  kind: Slugged;
  /** From 1 (notice) to 3 (act now). */
  level: Scalars['Int']['output'];
  /** Since when it has its level. */
  levelSinceAt: Scalars['DateTime']['output'];
  /** Words of alerts that are not about numbers, or empty. */
  message: Scalars['String']['output'];
  /** What ignoring it costs, in the base currency. */
  money: Metric;
  /** When it was found. */
  openedAt: Scalars['DateTime']['output'];
  /** Who has to deal with it. */
  owner: Maybe<Person>;
  /** The stock that it is about. */
  pool: Maybe<StockPool>;
  /** How it was dealt with, or empty. */
  resolution: Scalars['String']['output'];
  /** When it was dealt with, or went away. */
  resolvedAt: Maybe<Scalars['DateTime']['output']>;
  /** Who dealt with it, or empty. */
  resolvedBy: Scalars['String']['output'];
  /** Shortage, excess or data. */
  side: Side;
  /** The SKU, where it is about one. */
  sku: Maybe<Sku>;
  /** Why it is left alone, or empty. */
  snoozeReason: Scalars['String']['output'];
  /** Until when it is left alone. */
  snoozedUntilAt: Maybe<Scalars['DateTime']['output']>;
  /** What has been done about it. */
  status: AlertStatus;
  /** What it is about: <SKU id>:<pool id>, rule:<slug> or account:<id>. */
  subject: Scalars['String']['output'];
  /** Units to order, or to move, where the rule suggests any. */
  suggestedQty: Metric;
  /** Seconds from opening to being seen; null while nobody has. */
  timeToAcknowledge: Maybe<Scalars['Int']['output']>;
  /** Seconds from opening to being resolved; null while it is not. */
  timeToResolve: Maybe<Scalars['Int']['output']>;
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
  /** opened, raised, lowered, acknowledged, snoozed, woken or resolved. */
  what: Scalars['String']['output'];
};

/** What comes first in a list of alerts. */
export type AlertOrder =
  /** Latest opened */
  | 'LATEST'
  /** Most money at stake */
  | 'MONEY';

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

/** What has been done about an alert. */
export type AlertStatus =
  /** Acknowledged */
  | 'ACKNOWLEDGED'
  /** Open */
  | 'OPEN'
  /** Resolved */
  | 'RESOLVED'
  /** Snoozed */
  | 'SNOOZED';

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
  /** What an operator should know, or empty. */
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

/** Why a number is what it is: evaluating the nodes from first to last gives the value at the root, the last one. */
export type Explanation = {
  /** The steps: arguments before what uses them, the root last. Equal steps appear once. */
  nodes: Array<ExplanationNode>;
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

/** How fresh one kind of data of an account is. Stale data is dated, never zeroed. */
export type Feed = {
  /** Whose data. */
  account: Account;
  /** How old its data are at this moment, in hours. */
  age: Metric;
  /** The data reach up to this instant; null where none came yet. */
  dataUntilAt: Maybe<Scalars['DateTime']['output']>;
  /** The last error, with what to do; empty after a success. */
  error: Scalars['String']['output'];
  /** Whether an operator has paused it. */
  isPaused: Scalars['Boolean']['output'];
  /** What is fed: orders, listings, stock, returns, … */
  kind: Scalars['String']['output'];
  /** When the last read succeeded. */
  lastSuccessAt: Maybe<Scalars['DateTime']['output']>;
  /** How many rows came in so far. */
  rows: Scalars['BigInt']['output'];
};

/** The current forecast of a SKU in a pool, and the model that really made it. */
export type Forecast = Node & {
  /** When it was made. */
  createdAt: Scalars['DateTime']['output'];
  /** Why not the first choice; empty where it was. */
  fallbackReason: Scalars['String']['output'];
  /** Days of history that it was made from. */
  historyDays: Scalars['Int']['output'];
  /** How many days it reaches. */
  horizonDays: Scalars['Int']['output'];
  /** The Globally Unique ID of this object */
  id: Scalars['ID']['output'];
  /** Expected demand a day. */
  mean: DailySeries;
  /** The forecaster that made it. */
  modelUsed: Scalars['String']['output'];
  /** From which stock. */
  pool: StockPool;
  /** Quantiles of demand a day, the lowest level first. */
  quantiles: Array<QuantileSeries>;
  /** Of what. */
  sku: Sku;
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
  /** Days that it lasts there; NO_DEMAND where nobody asks for it, which has no number of days. */
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

/** Units that are on their way. */
export type IncomingStock = {
  /** The day on which they should arrive; null where nobody has said. */
  expectedOn: Maybe<Scalars['Date']['output']>;
  /** How many. */
  qty: Scalars['Quantity']['output'];
  /** The code of the order or the shipment. */
  reference: Scalars['String']['output'];
  /** purchase_order (not sent yet), shipment (on its way) or receiving (arrived, being booked in). */
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
  /** Order lines that were counted anew, because they deliver something else now. */
  recountedLines: Scalars['Int']['output'];
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
  /** Units that came in. */
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
  /** Says that somebody has seen alerts. Saying it again changes nothing. */
  alertAcknowledge: AlertsPayload;
  /** Says that alerts are dealt with. */
  alertResolve: AlertsPayload;
  /** Takes alerts out of Today for a while. */
  alertSnooze: AlertsPayload;
  /** Gives every object of a change set its old values back, unless somebody has changed it since. */
  changeSetUndo: ChangeSetUndoPayload;
  /** Ends a run that has not ended. What its finished parts have written stays; no other part is begun. */
  cycleCancel: CycleCancelPayload;
  /** Asks for a run of a cycle. Workers take it up; it is not waited for. */
  cycleRun: CycleRunPayload;
  /** Says what a listing delivers, and counts its orders anew. */
  listingLink: ListingLinkPayload;
  /** Adds what became known late of what a lot cost, such as freight or duty. Nothing is overwritten. */
  lotCostsRecord: LotCostsRecordPayload;
  /** Records a movement of stock: an adjustment, or a move between two buckets. */
  movementRecord: MovementRecordPayload;
  /** Makes or changes a supplier's terms for a SKU. */
  offerUpsert: OfferUpsertPayload;
  /** Makes or changes up to 1,000 offers. */
  offersUpsert: OffersUpsertPayload;
  /** Sends orders: they are durable when this answers. Sending them again has no second effect. */
  ordersSubmit: OrdersSubmitPayload;
  /** Settles records in quarantine that nobody needs, with a reason. */
  quarantineDismiss: QuarantineDismissPayload;
  /** Tries records in quarantine again. */
  quarantineRetry: QuarantineRetryPayload;
  /** Books in units as one lot, with what they cost. */
  receiptRecord: ReceiptRecordPayload;
  /** Has kept records applied again. Where nothing has changed since, nothing changes. */
  recordsReprocess: RecordsReprocessPayload;
  /** Books in what a customer sent back, by its condition. */
  returnRecord: ReturnRecordPayload;
  /** Makes or changes a SKU. */
  skuUpsert: SkuUpsertPayload;
  /** Makes or changes up to 1,000 SKUs. */
  skusUpsert: SkusUpsertPayload;
  /** Takes over a stock count: posts what it differs by, and disputes what it differs by too much. */
  stockCountRecord: StockCountRecordPayload;
  /** Takes units out of the stock that are destroyed. */
  stockDispose: MovementRecordPayload;
  /** Holds automatic decisions about a SKU in a warehouse. */
  stockDisputeOpen: StockDisputePayload;
  /** Settles a dispute: automatic decisions go on. */
  stockDisputeResolve: StockDisputePayload;
  /** Takes units out of the stock: back to their owner, or to another warehouse as a transfer. */
  stockRemove: StockRemovePayload;
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


export type MutationChangeSetUndoArgs = {
  input: ChangeSetUndoInput;
};


export type MutationCycleCancelArgs = {
  input: CycleCancelInput;
};


export type MutationCycleRunArgs = {
  input: CycleRunInput;
};


export type MutationListingLinkArgs = {
  input: ListingLinkInput;
};


export type MutationLotCostsRecordArgs = {
  input: LotCostsRecordInput;
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


export type MutationReturnRecordArgs = {
  input: ReturnRecordInput;
};


export type MutationSkuUpsertArgs = {
  input: SkuUpsertInput;
};


export type MutationSkusUpsertArgs = {
  input: SkusUpsertInput;
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


export type MutationStockRemoveArgs = {
  input: StockRemoveInput;
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

/** A user, as others see him. */
export type Person = {
  /** His full name, or the name at login where there is none. */
  name: Scalars['String']['output'];
  /** His name at login. */
  username: Scalars['String']['output'];
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
  /** Days that what is available lasts at that pace. */
  cover: Metric;
  /** Demand a day: the forecast's, or where there is none that of 90 days of sales. */
  dailyDemand: Metric;
  /** Days from an order to stock that can be sold. */
  leadTime: Metric;
  /** The pool's name. */
  name: Scalars['String']['output'];
  /** The pool's code. */
  pool: Scalars['String']['output'];
  /** Its safety stock. */
  safetyStock: Metric;
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
  /** Why it was not taken, and what to do, as a sentence. */
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
  /** Alerts of the pools and accounts that the user sees. */
  alerts: AlertConnection;
  /** Sales on the accounts that the user sees, a series for each SKU and account. */
  allSalesSeries: SalesSeriesConnection;
  /** The stock of a SKU in a bucket of a warehouse; null where there never was any. */
  balance: Maybe<Balance>;
  /** Stock in the warehouses that the user sees. */
  balances: BalanceConnection;
  /** Categories by their code. */
  categories: CategoryConnection;
  /** The category with this code; null where there is none. */
  categoryByCode: Maybe<Category>;
  /** What bulk mutations did, the latest first: one's own, and all for those who see everything. */
  changeSets: ChangeSetConnection;
  /** Everything that changed, in the order in which it was recorded. Keep `endCursor` and poll. */
  changes: ChangeConnection;
  /** The run of a cycle for a slot; null where there is none. */
  cycle: Maybe<Cycle>;
  /** Runs of cycles, the latest slot first. */
  cycles: CycleConnection;
  /** How fresh every kind of data of every account is: what each number of this API rests on. */
  feeds: Array<Feed>;
  /** The forecast of a SKU in a pool; null where there is none. */
  forecast: Maybe<Forecast>;
  /** Forecasts in the pools that the user sees. */
  forecasts: ForecastConnection;
  /** Where stock lies too long while it runs out elsewhere, the worst first, between pools that the user sees. */
  imbalances: ImbalanceConnection;
  /** The listing with this code on an account; null where there is none that the user sees. */
  listing: Maybe<Listing>;
  /** Listings of the accounts that the user sees, by their code. */
  listings: ListingConnection;
  /** The lot with this code; null where there is none that the user sees. */
  lot: Maybe<Lot>;
  /** Lots in the warehouses that the user sees, the oldest first. */
  lots: LotConnection;
  /** What each lot held at any past moment, how old it was, and what its units had cost. */
  lotsAsOf: LotsAsOf;
  /** Who is asking, as the server knows him; null for nobody. Open to all. */
  me: Maybe<Viewer>;
  /** The movement that was posted under this key; null where there is none that the user sees. */
  movementByKey: Maybe<Movement>;
  /** Movements in the warehouses that the user sees, the latest first. */
  movements: MovementConnection;
  /** The object with this id; null where there is none that the user sees. */
  node: Maybe<Node>;
  /** The objects with these ids, at most 100, in their order; null in place of what is not there. */
  nodes: Array<Maybe<Node>>;
  /** The offer of a supplier for a SKU; null where there is none. */
  offer: Maybe<Offer>;
  /** Offers in the order in which they were made. */
  offers: OfferConnection;
  /** The alert of a kind that is not resolved, about a subject; null where there is none. */
  openAlert: Maybe<Alert>;
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
  /** The record of this id that is or was in quarantine for this cause; null where there is none. */
  quarantinedRecord: Maybe<QuarantinedRecord>;
  /** Records in quarantine, the latest seen first. */
  quarantinedRecords: QuarantinedRecordConnection;
  /** Records as they came in, the latest first. */
  receivedRecords: ReceivedRecordConnection;
  /** What a SKU sold on an account; null where it never did. */
  salesSeries: Maybe<SalesSeries>;
  /** What this server is. Open to all. */
  service: Service;
  /** The SKU with this code; null where there is none. */
  skuByCode: Maybe<Sku>;
  /** The SKU that another system knows by this id; null where there is none. */
  skuByExternalRef: Maybe<Sku>;
  /** SKUs by their code. */
  skus: SkuConnection;
  /** The stages of a SKU's life, in order: plugins can add stages. */
  stages: Array<Slugged>;
  /** Stock at any past moment, by what had happened and by what was known. */
  stockAsOf: StockAsOf;
  /** The dispute that holds decisions about a SKU in a warehouse; null where none does. */
  stockDispute: Maybe<StockDispute>;
  /** Disputes in the warehouses that the user sees, the latest first. */
  stockDisputes: StockDisputeConnection;
  /** SKUs by their code, each over all warehouses, pools and accounts that the user sees. */
  stockOverview: StockOverviewConnection;
  /** The stock pool with this code; null where there is none that the user sees. */
  stockPoolByCode: Maybe<StockPool>;
  /** The stock pools that the user sees, by their code. */
  stockPools: StockPoolConnection;
  /** Stock by age in value, at any past moment: in all, and SKU by SKU. */
  stockValueByAge: StockValueByAge;
  /** The variance of a document's line; null where there is none that the user sees. */
  stockVariance: Maybe<StockVariance>;
  /** Differences between documents and what came in, the latest first. */
  stockVariances: StockVarianceConnection;
  /** The supplier with this code; null where there is none. */
  supplierByCode: Maybe<Supplier>;
  /** Suppliers by their code. */
  suppliers: SupplierConnection;
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


export type QueryAlertsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
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


export type QueryCategoriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  includeDeleted?: Scalars['Boolean']['input'];
  offset?: InputMaybe<Scalars['Int']['input']>;
  updatedSince?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryCategoryByCodeArgs = {
  code: Scalars['String']['input'];
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


export type QueryFeedsArgs = {
  account?: InputMaybe<Scalars['String']['input']>;
};


export type QueryForecastArgs = {
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


export type QueryListingArgs = {
  account: Scalars['String']['input'];
  code: Scalars['String']['input'];
  kind?: Scalars['String']['input'];
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


export type QuerySalesSeriesArgs = {
  account: Scalars['String']['input'];
  sku: Scalars['String']['input'];
};


export type QuerySkuByCodeArgs = {
  code: Scalars['String']['input'];
};


export type QuerySkuByExternalRefArgs = {
  id: Scalars['String']['input'];
  system: Scalars['String']['input'];
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


export type QueryStockAsOfArgs = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  recordedAt?: InputMaybe<Scalars['DateTime']['input']>;
  skus: Array<Scalars['String']['input']>;
  warehouse?: InputMaybe<Scalars['String']['input']>;
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


export type QueryTodayArgs = {
  first?: Scalars['Int']['input'];
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
  /** The last error, or empty. */
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
  /** An offer on a shop */
  | 'LISTING'
  /** An order */
  | 'ORDER'
  /** Units that came back */
  | 'RETURN'
  /** What a platform counted */
  | 'STOCK';

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

/** Which of the two fears an alert speaks of, or that the data are in doubt. */
export type Side =
  /** Data */
  | 'DATA'
  /** Excess */
  | 'EXCESS'
  /** Shortage */
  | 'SHORTAGE';

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

/** A SKU over all warehouses and accounts of the view, each counted once. */
export type StockTotals = {
  /** Units that can be sold and nothing has claimed. */
  availableQty: Scalars['Quantity']['output'];
  /** Days that what is available lasts at that pace; NO_SALES where nothing was sold. */
  cover: Metric;
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
  /** What runs out. */
  shortage: TodaySide;
};

/** One decision: a SKU in a pool, or a rule or a shop, with its weightiest alert. */
export type TodayLine = {
  /** The weightiest alert. */
  alert: Alert;
  /** Further alerts of the same subject. */
  also: Array<Alert>;
  /** What is wrong and what to do, in the language of the request. */
  headline: Scalars['String']['output'];
  /** What ignoring it costs, in the base currency. */
  money: Metric;
  /** Its place on its side, from 1. */
  rank: Scalars['Int']['output'];
  /** The number that it is about. */
  value: Metric;
};

/** One side of Today. */
export type TodaySide = {
  /** The decisions, the one that saves most money first. */
  lines: Array<TodayLine>;
  /** What ignoring all of them costs; of alerts on one subject the worst counts, not their sum. */
  money: Maybe<Money>;
  /** How many alerts there are on this side in all. */
  totalCount: Scalars['Int']['output'];
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