"""What the connector says to operators, in Chinese: its errors, refusals and remarks, with `{places}` where values stand (ADR 0050)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SIGN_IN: Final[Mapping[str, str]] = {
    "The seller revoked the authorisation, or the refresh token is of another app: let the seller authorise again.": (
        "卖家已撤销授权，或 refresh token 属于另一个应用：请卖家重新授权。"
    ),
    "Login with Amazon does not know the client id with this secret: rotate the secret and enter the new one.": (
        "Login with Amazon 不认可该 client id 与密钥：请轮换密钥并填入新密钥。"
    ),
    "Login with Amazon does not know the client id with this secret: rotate the secret and enter the new one. It was issued on {day}.": (
        "Login with Amazon 不认可该 client id 与密钥：请轮换密钥并填入新密钥。该密钥签发于 {day}。"
    ),
    "The app may not use this refresh token: check the app's client id, and let the seller authorise again.": (
        "应用不能使用该 refresh token：请核对应用的 client id，并请卖家重新授权。"
    ),
    "Login with Amazon refused the request ({status}, {code}): check the account's settings.": (
        "Login with Amazon 拒绝了请求（{status}，{code}）：请检查账号设置。"
    ),
    "Login with Amazon wants to be left alone.": "Login with Amazon 要求稍后再试。",
    "Login with Amazon answered {status}.": "Login with Amazon 返回 {status}。",
    "Login with Amazon answered {status} without a reason.": "Login with Amazon 返回 {status}，未说明原因。",
    "Login with Amazon answered with no object.": "Login with Amazon 返回的不是对象。",
    "Login with Amazon: {error}": "Login with Amazon：{error}",
    "The seller is not on {marketplace}: take the marketplace out of the account.": "卖家未入驻 {marketplace}：请从账号中移除该站点。",
    "The seller does not take part on {marketplace}, or has suspended listings there.": "卖家未参与 {marketplace}，或在该站点有被停用的商品。",
    "The day of the client secret's last rotation is not entered, so nobody is warned before its 180 days end.": (
        "未填写 client secret 的上次轮换日期，180 天到期前无法预警。"
    ),
    "The client secret ended on {day}: rotate it in the developer console and enter the new one.": (
        "client secret 已于 {day} 到期：请在开发者控制台轮换并填入新密钥。"
    ),
    "The client secret ends on {day}, in {count} days: rotate it in the developer console.": (
        "client secret 将于 {day} 到期，还有 {count} 天：请在开发者控制台轮换。"
    ),
    "The configuration is no Amazon account: {type}.": "该配置不是亚马逊账号：{type}。",
}
_CALLS: Final[Mapping[str, str]] = {
    "{type} cannot be sent.": "{type} 无法发送。",
    "Amazon answered with JSON that is no object.": "亚马逊返回的 JSON 不是对象。",
    "Amazon answered {status} with nothing.": "亚马逊返回 {status}，内容为空。",
    "Amazon answered {status} with no JSON, but {kind}.": "亚马逊返回 {status}，内容不是 JSON，而是 {kind}。",
    "Amazon's limit of {operation} is used up.": "亚马逊 {operation} 的调用额度已用完。",
    "Amazon answered {status} to {operation}.": "亚马逊对 {operation} 返回 {status}。",
    "Amazon does not take the access token any more ({status}).": "亚马逊不再接受该访问令牌（{status}）。",
    "Amazon refuses {operation} to this app ({status}: {message}). Give the app the role that it needs in the developer console, then "
    "authorise the seller again.": "亚马逊拒绝该应用调用 {operation}（{status}：{message}）。请在开发者控制台为应用添加所需角色，然后让卖家重新授权。",
    "Amazon refused {operation} ({status}): {message}": "亚马逊拒绝了 {operation}（{status}）：{message}",
    "Amazon refused {operation}: {message}": "亚马逊拒绝了 {operation}：{message}",
    "Amazon refuses the pages that it names itself: {error}": "亚马逊拒绝了自己给出的分页：{error}",
    "Amazon's inventory pages ended {count} times before the last one ({error}). Their tokens live for 30 seconds: see that the account's "
    "workers are not kept waiting.": "亚马逊库存分页在读完之前中断了 {count} 次（{error}）。分页令牌只有 30 秒有效：请确保该账号的工作进程无需等待。",
    "The token of a page of inventory has ended; the reading begins anew.": "库存分页令牌已过期，重新开始读取。",
    "{operation} names a page again that it has given: its pages do not end.": "{operation} 重复给出同一页：分页没有终点。",
    "More than a thousand offers were created at the same moment: Amazon's search cannot show them all. Import the listings from the report "
    "of all listings.": "同一时刻创建了一千个以上的商品：亚马逊搜索无法全部列出。请用“全部商品报告”导入商品链接。",
}
_FIELDS: Final[Mapping[str, str]] = {
    "{name} is missing.": "缺少 {name}。",
    "{name} holds a NUL byte.": "{name} 含有 NUL 字节。",
    "{name} is empty.": "{name} 为空。",
    "{name} is no number.": "{name} 不是数字。",
    "{name} is no number: {value}.": "{name} 不是数字：{value}。",
    "{name} is no number that can be: {value}.": "{name} 的数值不可能：{value}。",
    "{name} is no whole number.": "{name} 不是整数。",
    "{name} is no whole number from {least} to {most}: {value}.": "{name} 不是 {least} 到 {most} 之间的整数：{value}。",
    "{name} is no instant: {value}.": "{name} 不是时刻：{value}。",
    "{name} does not say in which zone it is: {value}.": "{name} 未说明时区：{value}。",
    "{name} is no day: {value}.": "{name} 不是日期：{value}。",
    "{name} is no month: {value}.": "{name} 不是月份：{value}。",
    "{name} lies in the future: {value}.": "{name} 在未来：{value}。",
    "{name} is no object.": "{name} 不是对象。",
    "{name} is no list of objects.": "{name} 不是对象列表。",
    "Amazon's answer has no {name}: it was renamed, or the answer is not whole.": "亚马逊的返回结果没有 {name}：字段已改名，或结果不完整。",
    "The shipment's status {status} is not known here.": "货件状态 {status} 未知。",
    "The order's status {status} is not known here.": "订单状态 {status} 未知。",
    "The shipment is counted in cases or pallets, not in units: enter it by hand.": "货件按箱或托盘计数，而非按件：请手工录入。",
    "Amazon's answer to a batch of fee estimates is no list.": "亚马逊对批量费用预估的返回不是列表。",
    "Amazon's answer to the batch leaves this SKU out.": "亚马逊的批量返回中没有该 SKU。",
    "Amazon estimates no fees ({status}).": "亚马逊未给出费用预估（{status}）。",
    "Amazon estimates no fees ({status}): {message}": "亚马逊未给出费用预估（{status}）：{message}",
    "Amazon calls the estimate a success and names no fee.": "亚马逊称预估成功，却没有给出费用。",
    "Neither your-price nor sales-price is told.": "your-price 和 sales-price 均未给出。",
    "No fee of this SKU is told.": "没有该 SKU 的费用。",
    "Amazon tells no prices of {asin} ({status}).": "亚马逊未给出 {asin} 的价格（{status}）。",
    "Amazon calls the shipment faulty: see it in Seller Central.": "亚马逊标记该货件有误：请在卖家后台查看。",
    "The shipment's lines do not end after {count} pages.": "货件明细翻了 {count} 页仍未结束。",
    "A page of the shipment's lines is another shipment's.": "货件明细的某一页属于另一个货件。",
    "A line of the shipment cannot be read: {error}": "货件有一行无法读取：{error}",
    "Amazon names no line of a shipment that is under way: what is known of it stays.": "亚马逊未给出在途货件的明细：保留已知内容。",
    "Amazon tells two different lines of one SKU in the shipment: what is known of it stays.": "货件中同一 SKU 有两行不同内容：保留已知内容。",
    "fulfillment is missing: who ships the order is not known.": "缺少 fulfillment：不知由谁发货。",
    "inventoryDetails is missing: what lies there is not known.": "缺少 inventoryDetails：不知有多少库存。",
    "No quantity that is known stands in inventoryDetails.": "inventoryDetails 中没有可识别的数量。",
    "Neither the details nor the total of what lies there is told.": "库存明细和总数均未给出。",
    "Stranded units are unknown in this reading. {error}": "本次读取无法得知无在售链接的库存。{error}",
    "{name} is empty: how many units are so old is not known.": "{name} 为空：不知有多少件达到该库龄。",
    "{report} has no column 'inv-age-456-plus-days' or {column}: the oldest units would be left out. Nothing is used.": (
        "{report} 没有 inv-age-456-plus-days 列或 {column}：会漏掉库龄最长的库存，因此整份报告不采用。"
    ),
}
_REPORTS: Final[Mapping[str, str]] = {
    "The report is packed with {algorithm}, which nobody here can unpack.": "报告以 {algorithm} 压缩，本系统无法解压。",
    "The document has no address (url).": "文档没有地址（url）。",
    "The report's address has expired; the next attempt asks for a new one.": "报告地址已过期，下次会重新获取。",
    "The report's store wants to be left alone.": "报告存储要求稍后再试。",
    "The report's store answered {status}.": "报告存储返回 {status}。",
    "The report's document is empty, without even a header.": "报告文档为空，连表头也没有。",
    "The report's document is HTML or XML, not a table.": "报告文档是 HTML 或 XML，不是表格。",
    "The report unpacks to far more than a report is: it is not taken.": "报告解压后远超正常大小：不采用。",
    "The report is in {encoding}, which nobody here can read.": "报告编码为 {encoding}，本系统无法读取。",
    "The report has a line of more than a million characters.": "报告中有一行超过一百万字符。",
    "The packed report ends in the middle.": "压缩的报告中途截断。",
    "The packed report cannot be unpacked.": "压缩的报告无法解压。",
    "Amazon's {report} {id} {what}, attempt {count} of {most}.": "亚马逊报告 {report} {id} {what}，第 {count} 次，共 {most} 次。",
    "failed": "失败",
    "was cancelled": "被取消",
    "{said} It is asked for again in some hours.": "{said}数小时后重新请求。",
    "{said} See whether Seller Central makes this report by hand for the same marketplace and span, and whether the app has the role for it; "
    "then read the feed again. Until then the data are those of the last good report.": (
        "{said}请在卖家后台确认能否为同一站点和时段手工生成该报告，以及应用是否拥有所需角色；然后重新读取该数据源。在此之前沿用上一份有效报告的数据。"
    ),
    "Amazon says of a report that it is {status}, which is no status.": "亚马逊称报告状态为 {status}，这不是有效状态。",
    "Amazon calls a report done that has no document.": "亚马逊称报告已完成，却没有文档。",
    "The cursor is no object.": "游标不是对象。",
    "{report} ends in the middle of row {number}.": "{report} 在第 {number} 行中途截断。",
    "{report} cannot be read as {encoding}: {error}.": "{report} 无法按 {encoding} 读取：{error}。",
    "{report} has no column {column}: Amazon renamed or removed it. Nothing of the report is used.": (
        "{report} 没有列 {column}：亚马逊已改名或删除。整份报告不采用。"
    ),
    "Row {number} has {count} fields, the header has {width}.": "第 {number} 行有 {count} 个字段，表头有 {width} 个。",
    "{report} has {rows} rows; the last good one, of {at}, had {last}. It is not used, and what it does not name is not taken for sold out. "
    "Where so much really is gone, lower the account's smallest share of rows (now {share}).": (
        "{report} 有 {rows} 行；上一份有效报告（{at}）有 {last} 行。本份不采用，其中未列出的商品不视为售罄。若确实减少了这么多，请调低账号的最小行数比例（当前 {share}）。"
    ),
    "{report} has {rows} rows; the last good one, of {at}, had {last}. It is not used. Where there really are so many, set the account's "
    "smallest share of rows to 0 for one reading.": (
        "{report} 有 {rows} 行；上一份有效报告（{at}）有 {last} 行。本份不采用。若确实有这么多，请把账号的最小行数比例设为 0 读取一次。"
    ),
    "The sales and traffic report of one day has more than 64 million characters.": "单日销售与流量报告超过 6400 万字符。",
    "The sales and traffic report is no object.": "销售与流量报告不是对象。",
    "The sales and traffic report is no JSON.": "销售与流量报告不是 JSON。",
    "The report is of {first} to {last}, not of {day}.": "报告的时段是 {first} 至 {last}，不是 {day}。",
}
_WRITING: Final[Mapping[str, str]] = {
    "{error} Whether Amazon took it has to be read back.": "{error}亚马逊是否已接受，须回读确认。",
    "Amazon calls the change invalid and does not say why.": "亚马逊称变更无效，未说明原因。",
    "Amazon says {status} of the change, which is not known here.": "亚马逊对该变更返回 {status}，含义未知。",
    "Prices on {site} are in {currency}, not {other}.": "{site} 的价格以 {currency} 计，不是 {other}。",
    "{said}: its quantity cannot be set.": "{said}：不能设置其数量。",
    "Amazon shows {shown}, not {was}: orders came in between. Decide anew.": "亚马逊显示 {shown}，而非 {was}：其间有新订单。请重新决定。",
    "The account has no ship-from address: enter it, then draft the plan again.": "账号没有发货地址：请填写后重新起草计划。",
    "A plan has 1 to {most} lines, this one {count}.": "计划须有 1 至 {most} 行，本计划有 {count} 行。",
    "A SKU stands in the plan twice.": "同一 SKU 在计划中出现两次。",
    "Quantities are from 1 to {most}; not so: {bad}.": "数量须在 1 到 {most} 之间；不符合的有：{bad}。",
    "A plan was sent at {at}, no answer came, and Amazon lists {count} plans called {name}.": (
        "计划于 {at} 发出，未收到答复，亚马逊列出 {count} 个名为 {name} 的计划。"
    ),
    "{said} See in Seller Central whether it is there.": "{said}请在卖家后台确认是否已创建。",
    "{said} See in Seller Central.": "{said}请在卖家后台查看。",
    "Amazon's plan {name} is {status}: see it in Seller Central.": "亚马逊计划 {name} 的状态为 {status}：请在卖家后台查看。",
    "Amazon is still making the plan.": "亚马逊仍在创建计划。",
    "{error} See in Seller Central whether the plan {name} is there.": "{error}请在卖家后台确认计划 {name} 是否已创建。",
    "Found by its name, {name}.": "按名称 {name} 找到。",
    "Amazon's plan failed without a reason: draft it again.": "亚马逊计划失败且未说明原因：请重新起草。",
    "The lines can be sent; Amazon itself has no dry run of a plan.": "各行可以发送；亚马逊本身没有计划的试运行。",
    "Amazon is making its report of removal orders, which tells whether the removal is there.": "亚马逊正在生成移除订单报告，届时可知该移除是否已创建。",
    "Amazon's report of {until} UTC names {there} of {asked} units of removal {order}.": (
        "亚马逊 {until}（UTC）的报告列出移除订单 {order} 中的 {there} 件，应为 {asked} 件。"
    ),
    "Amazon's report of {until} UTC does not name removal {order} yet.": "亚马逊 {until}（UTC）的报告尚未列出移除订单 {order}。",
    "Amazon's report of removal orders names it.": "亚马逊的移除订单报告已列出。",
    "{error} See in Seller Central which units are being removed; nothing is sent again before somebody has looked.": (
        "{error}请在卖家后台确认正在移除哪些库存；在有人核实之前不会重新发送。"
    ),
    "Amazon's report tells of {processed} records, {successful} of them successful; {sent} were sent.": (
        "亚马逊报告有 {processed} 条记录，其中 {successful} 条成功；共发送 {sent} 条。"
    ),
    "Amazon does not say why.": "亚马逊未说明原因。",
    "Amazon's report counts {count} refused records and names {found}.": "亚马逊报告计有 {count} 条被拒，却只列出 {found} 条。",
    "Amazon's report does not say how many records it took.": "亚马逊报告未说明接受了多少条记录。",
    "Amazon's report names record {number} of {count}.": "亚马逊报告提到第 {number} 条记录，总共只有 {count} 条。",
    "Amazon's report calls record {number} {sku}, and {sent} was sent there.": "亚马逊报告称第 {number} 条记录为 {sku}，而发送的是 {sent}。",
    "The removal was sent at {at} and no answer came.": "移除请求于 {at} 发出，未收到答复。",
    "{unknown} Amazon lists {count} removals of those minutes, {said}.": "{unknown}亚马逊列出那几分钟内的 {count} 个移除：{said}。",
    "The disposition is return, disposal or liquidation.": "处置方式只能是退回、弃置或清算。",
    "Goods can only come back to a ship-from address: enter it in the account.": "商品只能退回到发货地址：请在账号中填写。",
    "A removal is of one unit at least, and of no negative number.": "移除至少一件，且不能为负数。",
    "The SKU holds a tab or a new line.": "SKU 含有制表符或换行。",
    "Amazon took a removal of just these rows in those minutes; its report of removal orders will name this one.": (
        "亚马逊在那几分钟内接受了内容完全相同的移除；移除订单报告会列出它。"
    ),
    "Amazon ended the removal's feed as {status}: see Seller Central, then ask for the removal anew.": (
        "亚马逊以 {status} 结束了移除上传：请在卖家后台查看，然后重新申请移除。"
    ),
    "Amazon is done and gave no report of it. See in Seller Central which units are being removed.": (
        "亚马逊已处理完毕，但没有给出报告。请在卖家后台确认正在移除哪些库存。"
    ),
    "The removal's report answered {status}.": "移除报告返回 {status}。",
    "Another line of the removal cannot be sent.": "移除中的另一行无法发送。",
    "Amazon's store answered {status}; nothing was removed.": "亚马逊存储返回 {status}；没有移除任何库存。",
    "Amazon works on the removal.": "亚马逊正在处理移除。",
    "{error} See in Seller Central whether removal {key} is there.": "{error}请在卖家后台确认移除 {key} 是否已创建。",
    "The removal's report cannot be unpacked.": "移除报告无法解压。",
    "It can be sent; Amazon has no dry run.": "可以发送；亚马逊没有试运行。",
}
_MESSAGES: Final[Mapping[str, str]] = {
    "An object is neither a notification nor an envelope that is known here.": "有对象既不是通知，也不是已知的信封格式。",
    "The body holds {count} notifications; 1 to {most} are taken.": "正文含 {count} 条通知；可接受 1 至 {most} 条。",
    "Envelopes are nested too deeply.": "信封嵌套过深。",
    "An envelope holds no object.": "信封中没有对象。",
    "An envelope holds text that is no JSON.": "信封中的文本不是 JSON。",
    "An SNS subscription has to be confirmed by hand, in AWS.": "SNS 订阅须在 AWS 中手工确认。",
    "A notification has no type or no payload.": "有通知没有类型或内容。",
    "A notification's event time is no instant.": "通知的事件时间不是时刻。",
    "The body is no JSON.": "正文不是 JSON。",
    "The request has neither a signature nor the secret in a header.": "请求头中既没有签名，也没有密钥。",
    "The signature does not belong to the body.": "签名与正文不符。",
    "The request is older than five minutes, or from the future.": "请求早于五分钟前，或来自未来。",
    "Notifications are posted.": "通知须以 POST 发送。",
    "The body has more than two megabytes.": "正文超过 2 MB。",
    "The account has no secret for its webhook.": "账号没有设置 webhook 密钥。",
    "A notification is for another seller.": "有通知属于另一个卖家。",
    "The notification names no order.": "通知未指明订单。",
    "The notification names no SKU or no instant.": "通知未指明 SKU 或时刻。",
    # Health.
    "HMAC-SHA256 gives another signature than OpenSSL, so no signed notification can be checked: install the plugin anew.": (
        "HMAC-SHA256 的签名与 OpenSSL 不一致，无法校验通知签名：请重新安装插件。"
    ),
    "This machine does not know the business day of {sites}: install its time zones (tzdata).": (
        "本机无法确定 {sites} 的营业日：请安装时区数据（tzdata）。"
    ),
    "Rates have ended and no later ones are known: {shown}. Install a newer version of the plugin, or enter the rates that hold under Fees. "
    "Until then these fees are unknown, and what needs them says so.": (
        "费率已到期且没有后续费率：{shown}。请安装新版插件，或在“费用”中录入现行费率。在此之前这些费用未知，依赖它们的结果会注明。"
    ),
    "This Python cannot read {encodings}, which Amazon writes reports in.": "此 Python 无法读取 {encodings}，而亚马逊报告使用该编码。",
    "{said}: make room, or set TMPDIR to a folder with more.": "{said}：请腾出空间，或把 TMPDIR 设为空间更大的目录。",
    "No temporary file can be written ({error}): set TMPDIR to a folder where it can.": "无法写入临时文件（{error}）：请把 TMPDIR 设为可写目录。",
}
PHRASES: Final[Mapping[str, str]] = {**_SIGN_IN, **_CALLS, **_FIELDS, **_REPORTS, **_WRITING, **_MESSAGES}
