"""What anybody may read of the campaign without a chat: feeds, the block for other sites, the board, cards, posters."""

from aiohttp import web

from bot.channels.feed import Feed
from bot.channels.feed_block import Block
from bot.channels.feed_board import Panel
from bot.channels.posters import Posters
from bot.channels.prints import Shelf
from bot.foundation import Foundation
from bot.writer import Writer


def public_web(foundation: Foundation, writer: Writer, version: str) -> list[web.RouteDef]:
    """The routes of the public web. `version` names the static files of today."""
    house, shelf = foundation.house, Shelf()
    feed = Feed(house, writer, shelf).routes()
    block = Block(house, writer, shelf, version).routes()
    posters = Posters(house, writer, foundation.now).routes()
    return [*feed, *block, *Panel(house, writer, shelf, version).routes(foundation.now), *posters]
