using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WebImageText.Learn.Train.Nccl;

/// <summary>Rank 0 hands the group's id to the others over TCP.</summary>
internal static class Rendezvous
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The id that rank 0 makes.</summary>
    /// <param name="place">Who and where.</param>
    /// <param name="make">Makes it; called on rank 0 alone.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="TimeoutException">Not all came.</exception>
    public static NcclLibrary.UniqueId Share(RankPlace place, Func<NcclLibrary.UniqueId> make, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            return (place.Rank == 0 ? HandOutAsync(place, make(), patience.Token) : AskAsync(place, patience.Token)).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Rank {place.Rank} waited {Patience.TotalMinutes:F0} minutes at {place.Host}:{place.Port + 1}, and not all {place.Count} ranks came.");
        }
    }

    private static async Task<NcclLibrary.UniqueId> HandOutAsync(RankPlace place, NcclLibrary.UniqueId id, CancellationToken stop)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Any, place.Port + 1);
        listener.Start();
        var bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref id, 1)).ToArray();
        for (var served = 1; served < place.Count; served++)
        {
            using var other = await listener.AcceptTcpClientAsync(stop);
            await other.GetStream().WriteAsync(bytes, stop);
        }
        return id;
    }

    private static async Task<NcclLibrary.UniqueId> AskAsync(RankPlace place, CancellationToken stop)
    {
        var bytes = new byte[NcclLibrary.UniqueId.Bytes];
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(place.Host, place.Port + 1, stop);
                await client.GetStream().ReadExactlyAsync(bytes, stop);
                return MemoryMarshal.Read<NcclLibrary.UniqueId>(bytes);
            }
            catch (Exception early) when (early is SocketException or IOException)
            {
                await Task.Delay(200, stop); // rank 0 is not there yet
            }
        }
    }
}
