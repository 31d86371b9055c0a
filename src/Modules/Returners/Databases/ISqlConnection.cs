using SaltActors.Core.Returners;

namespace SaltActors.Modules.Returners.Databases;

/// <summary>An open connection to a database, for one caller at a time. All values go and come as text.</summary>
internal interface ISqlConnection : IAsyncDisposable
{
    /// <summary>Runs one statement; gives its rows, none where it has no result.</summary>
    /// <param name="values">For the places in the statement, in their order; they are never made part of its text.</param>
    /// <exception cref="ReturnerFailed">The database refused it, or is gone.</exception>
    Task<IReadOnlyList<string?[]>> RunAsync(string statement, string?[] values, CancellationToken stop);
}
