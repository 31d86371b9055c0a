namespace SaltActors.Hosts.Salt.Programs;

/// <summary>One line on the terminal that says what is waited for; gone before anything else is printed. Nothing where standard error is no terminal.</summary>
internal sealed class StatusLine
{
    private readonly bool _isShown = !Console.IsErrorRedirected;
    private bool _isThere;

    internal void Show(string text)
    {
        if (!_isShown) return;
        var width = Math.Max(20, Width() - 1);
        Console.Error.Write($"\r\e[K{(text.Length > width ? text[..(width - 1)] + "…" : text)}");
        _isThere = true;
    }

    internal void Erase()
    {
        if (!_isThere) return;
        Console.Error.Write("\r\e[K");
        _isThere = false;
    }

    private static int Width()
    {
        try
        {
            return Console.BufferWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;   // a terminal that does not know its width
        }
    }
}
