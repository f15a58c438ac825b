namespace WebImageText.Addresses;

/// <summary>
/// Where the parts of a serialised address stand: <c>scheme:[//[user[:word]@]host[:port]][/.]path[?query][#fragment]</c>.
/// </summary>
/// <param name="SchemeEnd">Of the colon.</param>
/// <param name="HostStart">After the credentials; equal to <paramref name="HostEnd"/> when there is no host.</param>
/// <param name="HostEnd">After the host.</param>
/// <param name="Port">In use; 0 where the scheme has none.</param>
/// <param name="PathStart">Of the path.</param>
/// <param name="QueryStart">Of the question mark, or where it would be.</param>
/// <param name="FragmentStart">Of the number sign, or the end.</param>
internal readonly record struct AddressParts(
    int SchemeEnd, int HostStart, int HostEnd, ushort Port, int PathStart, int QueryStart, int FragmentStart);
