using System.Collections.Concurrent;
using Akka.Actor;
using WebImageText.Pipeline.Queries;

namespace WebImageText.Pipeline.Flow;

/// <summary>
/// What this node knows of the room that queries have: enough to choose an owner, while only the query itself gives a slot.
/// </summary>
internal sealed class RoomBoard(int cap)
{
    private readonly ConcurrentDictionary<QueryId, int> _rooms = [];
    private readonly ConcurrentDictionary<QueryId, bool> _full = [];

    /// <summary>Hears what queries answer.</summary>
    public IActorRef Replies { get; set; } = ActorRefs.Nobody;

    public int RoomOf(QueryId query) => _rooms.GetValueOrDefault(query, cap);

    /// <summary>A pair was offered: until the query answers, one slot less.</summary>
    public void Offered(QueryId query) => _rooms.AddOrUpdate(query, cap - 1, (_, room) => Math.Max(0, room - 1));

    /// <summary>The query's slots are used up for good: it need not be asked.</summary>
    public bool IsFull(QueryId query) => _full.ContainsKey(query);

    public void Learn(QueryEntity.Room room)
    {
        _rooms[room.Query] = room.Slots;
        if (room.IsFinal)
            _full[room.Query] = true;
    }
}

/// <summary>The mailbox of a <see cref="RoomBoard"/>.</summary>
internal sealed class RoomReplies : ReceiveActor
{
    public RoomReplies(RoomBoard board) => Receive<QueryEntity.Room>(board.Learn);
}
